import { join, relative, sep } from 'node:path';
import { BlobError } from '../port.ts';

/** Longest key and longest segment, in characters: far below what file systems (255 bytes a name) and S3 (1024) allow. */
const maxKey = 512;
const maxSegment = 160;
const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** Names that a blob's key never has: the driver's own half-written files in `tmp/`. */
const partEnding = '.part';

const isSegment = (text: string): boolean => text.length <= maxSegment && segment.test(text);

/** The segments of a key such as `derived/<sha256>/variants/<fingerprint>/w640.webp`; anything else: `blob.key-invalid`. */
function segmentsOf(key: string): string[] {
  const segments = key.length <= maxKey ? key.split('/') : [];
  if (segments.length < 2 || !segments.every(isSegment)) {
    throw new BlobError(
      'blob.key-invalid',
      `${JSON.stringify(key.slice(0, 80))} is no blob key: use two or more parts of letters, digits, '.', '_' and '-' with '/' between them`,
    );
  }
  return segments;
}

/**
 * A folder below an area holds at most one entry per fan-out of 4096, so that a million originals make 250 entries each. The
 * fan-out's name starts with a character that no key has, so that the way back from a path to its key is never in doubt.
 */
function fanOut(segments: string[]): string[] {
  const [area = '', second = '', ...rest] = segments;
  return /^[0-9a-f]{64}$/.test(second) ? [area, `+${second.slice(0, 3)}`, second, ...rest] : segments;
}

export const isPart = (key: string): boolean => key.startsWith('tmp/') && key.endsWith(partEnding);

/** Where a file is written until it is whole. */
export const partPath = (root: string, id: string): string => join(root, 'tmp', `${id}${partEnding}`);

/** The file of a key, which may be a half-written one: for removing and looking. */
export const anyPath = (root: string, key: string): string => join(root, ...fanOut(segmentsOf(key)));

/** The file of a whole blob. */
export function blobPath(root: string, key: string): string {
  const path = anyPath(root, key);
  if (isPart(key))
    throw new BlobError('blob.key-invalid', `'${key}' names a file that is still being written: remove it when it is old`);
  return path;
}

/** The folder of a prefix that ends in `/`. */
export function folderPath(root: string, prefix: string): string {
  const segments = prefix.length <= maxKey ? prefix.split('/') : [];
  if (segments.length < 2 || segments.pop() !== '' || !segments.every(isSegment)) {
    throw new BlobError(
      'blob.key-invalid',
      `${JSON.stringify(prefix.slice(0, 80))} is no prefix: use parts of a key, each ended by '/'`,
    );
  }
  return join(root, ...fanOut(segments));
}

/** The way back; null for a file that no key leads to. */
export function keyOf(root: string, path: string): string | null {
  const segments = relative(root, path)
    .split(sep)
    .filter((part) => !part.startsWith('+'));
  return segments.length > 1 && segments.every(isSegment) ? segments.join('/') : null;
}
