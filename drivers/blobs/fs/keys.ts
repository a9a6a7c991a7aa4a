import { join, relative, sep } from 'node:path';
import { isSegment, partEnding, segmentsOf, segmentsOfPrefix, segmentsOfWhole } from '../keys.ts';

/**
 * A folder below an area holds at most one entry per fan-out of 4096, so that a million originals make 250 entries each. The
 * fan-out's name starts with a character that no key has, so that the way back from a path to its key is never in doubt.
 */
function fanOut(segments: string[]): string[] {
  const [area = '', second = '', ...rest] = segments;
  return /^[0-9a-f]{64}$/.test(second) ? [area, `+${second.slice(0, 3)}`, second, ...rest] : segments;
}

/** Where a file is written until it is whole. */
export const partPath = (root: string, id: string): string => join(root, 'tmp', `${id}${partEnding}`);

/** The file of a key, which may be a half-written one: for removing and looking. */
export const anyPath = (root: string, key: string): string => join(root, ...fanOut(segmentsOf(key)));

/** The file of a whole blob. */
export const blobPath = (root: string, key: string): string => join(root, ...fanOut(segmentsOfWhole(key)));

/** The folder of a prefix that ends in `/`. */
export const folderPath = (root: string, prefix: string): string => join(root, ...fanOut(segmentsOfPrefix(prefix)));

/** The way back; null for a file that no key leads to. */
export function keyOf(root: string, path: string): string | null {
  const segments = relative(root, path)
    .split(sep)
    .filter((part) => !part.startsWith('+'));
  return segments.length > 1 && segments.every(isSegment) ? segments.join('/') : null;
}
