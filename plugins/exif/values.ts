/** Characters of a text, at most: names of cameras and lenses are a third of that. */
const longest = 100;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** EXIF texts are ASCII; some cameras write UTF-8 all the same, older ones Latin-1. */
function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** A text up to its first NUL, on one line, without control characters and marks that turn the direction of writing. */
export function text(value: unknown): string | undefined {
  const written = value instanceof Uint8Array ? decoded(value.subarray(0, 4 * longest)) : value;
  if (typeof written !== 'string') return undefined;
  const [first = ''] = written.slice(0, 4 * longest).split('\0', 1);
  const clean = first.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  // Some lenses without a name are called `----`.
  return /[\p{L}\p{N}]/u.test(clean) ? [...clean].slice(0, longest).join('').trimEnd() : undefined;
}

/** A number, or the first of several, if it lies between `min` and `max`. A fraction of zeros is none. */
export function number(value: unknown, min: number, max: number): number | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'number' && first >= min && first <= max ? first : undefined;
}

/** A fraction as a number that a person can read: 1/60 is 0.0166667. */
export function measure(value: unknown, min: number, max: number): number | undefined {
  const found = number(value, min, max);
  return found === undefined ? undefined : Number(found.toPrecision(6));
}

/** A whole number of at least 1: zero stands for what is not known. */
export function count(value: unknown, max: number): number | undefined {
  const found = number(value, 1, max);
  return found === undefined ? undefined : Math.round(found);
}
