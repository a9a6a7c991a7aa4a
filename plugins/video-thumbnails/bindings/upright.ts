const FIXED = 65_536;

/**
 * The filters that turn a frame upright, from the display matrix of its stream: nine integers, 16.16 fixed point but for the last
 * column (ISO 14496-12, tkhd). FFmpeg's programs do the same by themselves (`-autorotate`).
 */
export function upright(matrix: Buffer | null): string[] {
  if (!matrix || matrix.length < 36) return [];
  const entry = (i: number): number => matrix.readInt32LE(i * 4) / FIXED;
  const [a, b, c, d] = [entry(0), entry(1), entry(3), entry(4)];
  const turned = Math.round((Math.atan2(b / (Math.hypot(b, d) || 1), a / (Math.hypot(a, c) || 1)) * 180) / Math.PI);
  switch ((turned + 360) % 360) {
    case 90:
      return [c > 0 ? 'transpose=cclock_flip' : 'transpose=clock'];
    case 180:
      return [...(a < 0 ? ['hflip'] : []), ...(d < 0 ? ['vflip'] : [])];
    case 270:
      return [c < 0 ? 'transpose=clock_flip' : 'transpose=cclock'];
    default:
      return d < 0 ? ['vflip'] : [];
  }
}
