import sharp from 'sharp';
import type { RawPixels } from '../sdk/index.ts';
import { EDGES, type Squares } from './thread/networks.ts';

/** Longer edge of the still that the networks see: the largest of them looks at 512. */
export const EDGE = 640;

/**
 * The picture as each network was trained to see it: objects and kinds with the whole picture drawn into the square, faces with
 * their proportions and black beside. What is transparent is white, as on a page.
 */
export async function squaresOf({ data, width, height, channels }: RawPixels): Promise<Squares> {
  const square = (edge: number, fit: 'fill' | 'contain'): Promise<Uint8Array> =>
    sharp(data, { raw: { width, height, channels } })
      .flatten({ background: '#fff' })
      .resize({ width: edge, height: edge, fit, background: '#000' })
      .raw()
      .toBuffer();
  const [objects, faces, kinds] = await Promise.all([
    square(EDGES.objects, 'fill'),
    square(EDGES.faces, 'contain'),
    square(EDGES.kinds, 'fill'),
  ]);
  return { objects, faces, kinds };
}
