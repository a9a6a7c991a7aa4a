import type { RawPixels } from '../sdk/index.ts';

/** Side of the square that is looked at. */
export const SIDE = 32;

/** Red, green and blue of 32 × 32 cells that cover the whole picture, row by row; on white where it is seen through. */
export async function squareOf({ data, width, height, channels }: RawPixels): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(data, { raw: { width, height, channels } })
    .flatten({ background: '#fff' })
    .resize(SIDE, SIDE, { fit: 'fill' })
    .raw()
    .toBuffer();
}
