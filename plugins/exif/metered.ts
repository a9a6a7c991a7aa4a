/**
 * The same bytes, of which only so many reads are granted: every property and method that is asked of them counts as one, a
 * slice as many as it has bytes. exif-reader believes the counts that a file gives: 64 KB of entries that each claim 65,535
 * values would take minutes and gigabytes.
 * @throws RangeError, from the read that is one too many.
 */
export function metered(bytes: Buffer, reads: number): Buffer {
  let left = reads;
  const spend = (count: number): void => {
    left -= count;
    if (left < 0) throw new RangeError('The block takes too many reads');
  };
  const slice = (from: number, to: number): Buffer => {
    const part = bytes.subarray(from, to);
    spend(part.length);
    return part;
  };
  return new Proxy(bytes, {
    get(target, key) {
      spend(1);
      if (key === 'slice') return slice;
      const value: unknown = Reflect.get(target, key, target);
      // Methods of buffers work on real buffers only.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
