/** A packet's time, in milliseconds. */
export interface Span {
  atMs: number;
  /** 0 where it is not known. */
  durationMs: number;
}

/** Where the frames begin and end. A last packet without a duration lasts as long as the mean of the others. */
export function extent(packets: readonly Span[]): { firstMs: number; endMs: number } {
  const firstMs = packets.reduce((least, { atMs }) => Math.min(least, atMs), Infinity);
  const last = packets.reduce((latest, packet) => (packet.atMs > latest.atMs ? packet : latest), {
    atMs: -Infinity,
    durationMs: 0,
  });
  if (packets.length === 0) return { firstMs: 0, endMs: 0 };
  const mean = packets.length > 1 ? (last.atMs - firstMs) / (packets.length - 1) : 0;
  return { firstMs, endMs: last.atMs + (last.durationMs || mean) };
}
