const firstBytes = 256 * 1024;

/** Collects bytes up to a size, in memory that grows with them. */
export interface Block {
  isFull(): boolean;
  /** Copies from the beginning of a chunk what fits, and says how much that was. */
  take(chunk: Uint8Array): number;
  /** Until the next `clear`. */
  bytes(): Buffer;
  clear(): void;
}

export function growingBlock(size: number): Block {
  let memory = Buffer.allocUnsafeSlow(Math.min(firstBytes, size));
  let used = 0;
  return {
    isFull: () => used === size,
    take(chunk) {
      const taken = Math.min(chunk.byteLength, size - used);
      if (used + taken > memory.length) {
        const larger = Buffer.allocUnsafeSlow(Math.min(size, Math.max(memory.length * 2, used + taken)));
        memory.copy(larger, 0, 0, used);
        memory = larger;
      }
      memory.set(chunk.subarray(0, taken), used);
      used += taken;
      return taken;
    },
    bytes: () => memory.subarray(0, used),
    clear: () => void (used = 0),
  };
}
