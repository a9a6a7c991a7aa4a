import { BlobError } from './port.ts';

/** Longest key and longest segment, in characters: far below what file systems (255 bytes a name) and S3 (1024) allow. */
const maxKey = 512;
const maxSegment = 160;
const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** Names that a blob's key never has: half-written files in `tmp/`. */
export const partEnding = '.part';

export const isSegment = (text: string): boolean => text.length <= maxSegment && segment.test(text);

/** The segments of a key such as `derived/<sha256>/variants/<fingerprint>/w640.webp`; anything else: `blob.key-invalid`. */
export function segmentsOf(key: string): string[] {
  const segments = key.length <= maxKey ? key.split('/') : [];
  if (segments.length < 2 || !segments.every(isSegment)) {
    throw new BlobError(
      'blob.key-invalid',
      `${JSON.stringify(key.slice(0, 80))} is no blob key: use two or more parts of letters, digits, '.', '_' and '-' with '/' between them`,
    );
  }
  return segments;
}

/** The segments of a prefix that ends in `/`. */
export function segmentsOfPrefix(prefix: string): string[] {
  const segments = prefix.length <= maxKey ? prefix.split('/') : [];
  if (segments.length < 2 || segments.pop() !== '' || !segments.every(isSegment)) {
    throw new BlobError(
      'blob.key-invalid',
      `${JSON.stringify(prefix.slice(0, 80))} is no prefix: use parts of a key, each ended by '/'`,
    );
  }
  return segments;
}

export const isPart = (key: string): boolean => key.startsWith('tmp/') && key.endsWith(partEnding);

/** The segments of a key that names a whole blob. The rule is one for all drivers, so that blobs can move between them. */
export function segmentsOfWhole(key: string): string[] {
  const segments = segmentsOf(key);
  if (isPart(key))
    throw new BlobError('blob.key-invalid', `'${key}' names a file that is still being written: remove it when it is old`);
  return segments;
}

/** The key that `receive` gives bytes of this id. */
export function tmpKey(id: string): string {
  const key = `tmp/${id}`;
  if (segmentsOfWhole(key).length !== 2) throw new BlobError('blob.key-invalid', `'${id}' is no id: use a ULID`);
  return key;
}

/** Refuses a key that `receive` cannot have given. */
export function checkReceived(key: string): void {
  const [area, ...id] = segmentsOfWhole(key);
  if (area !== 'tmp' || id.length !== 1)
    throw new BlobError('blob.key-invalid', `'${key}' was not received: commit takes 'tmp/<id>'`);
}
