import sharp from 'sharp';

/** What a picture looks like from afar: 8 × 8 pixels of RGBA in base64. It tells a turn, a flip, a shift of colour and a lost transparency. */
export type Look = string;

const SIDE = 8;

/** Undefined where the bytes are no picture. */
export async function lookOf(data: Uint8Array): Promise<Look | undefined> {
  const picture = sharp(data).resize(SIDE, SIDE, { fit: 'fill' }).toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' });
  const pixels = await picture.toBuffer().catch(() => undefined);
  return pixels?.toString('base64');
}

/** Root mean square difference in levels of 255; infinite where only one is a picture. */
export function lookApart(a: Look | undefined, b: Look | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return Infinity;
  const [p, q] = [Buffer.from(a, 'base64'), Buffer.from(b, 'base64')];
  return Math.sqrt(p.reduce((sum, level, i) => sum + (level - (q[i] ?? Infinity)) ** 2, 0) / p.length);
}
