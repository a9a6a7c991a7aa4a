/** Buffers that are used again: fresh ones, at this rate, would keep the garbage collector busy more than the sending the processor. */
export interface BufferPool {
  /** Nothing when all are taken. */
  take(): Buffer | undefined;
  give(buffer: Buffer): void;
}

/** Up to `count` buffers of `bytes` each, made when first needed; of a part that is never written to there is no memory yet. */
export function bufferPool({ bytes, count }: { bytes: number; count: number }): BufferPool {
  const free: Buffer[] = [];
  let made = 0;
  return {
    take() {
      const used = free.pop();
      if (used || made === count) return used;
      made += 1;
      return Buffer.allocUnsafeSlow(bytes);
    },
    give: (buffer) => void free.push(buffer),
  };
}
