import { half, missing, reach, scaled, stepBits } from '../columns/colours.ts';
import { flatUnit } from '../columns/stored.ts';
import type { WeightedColor } from '../port.ts';
import { numbersOf } from './bytes.ts';
import type { Json } from './server.ts';

/** Scripts are the same text for every query, so that the server compiles each once; what differs comes as parameters. */

const colours = `
  BytesRef ref = doc[params.path].value;
  byte[] bytes = ref.bytes;
  int end = ref.offset + ref.length;
  List near = params.near;
  double score = 1;
  boolean found = false;
  for (int w = 0; w < near.size(); w += 3) {
    int l = (int) near.get(w);
    int a = (int) near.get(w + 1);
    int b = (int) near.get(w + 2);
    double sum = 0;
    for (int k = ref.offset; k < end; k += 8) {
      int dl = ((bytes[k] & 255) | (bytes[k + 1] << 8)) - l;
      int da = ((bytes[k + 2] & 255) | (bytes[k + 3] << 8)) - a;
      int db = ((bytes[k + 4] & 255) | (bytes[k + 5] << 8)) - b;
      int square = ((dl * dl + da * da + db * db) >>> ${stepBits}) << ${stepBits};
      if (square >= ${Math.round((reach / flatUnit) ** 2)}) continue;
      double kernel = (1 - square / ${(reach / flatUnit) ** 2}D) / (1 + square / ${(half / flatUnit) ** 2}D);
      sum += ((bytes[k + 6] & 255) | (bytes[k + 7] << 8)) * kernel * kernel;
    }
    if (sum > 0) found = true;
    score *= Math.sqrt(sum * ${flatUnit}D) + ${missing}D;
  }
  return found ? score : 0;
`;

/** How near palettes come to wished colours, as columns/colours.ts has it; 0 where no wish is within reach. */
export const colourScript = (path: string, wishes: readonly Omit<WeightedColor, 'weight'>[]): Json => ({
  source: colours,
  params: { path, near: wishes.map(scaled).flatMap(({ l, a, b }) => [l, a, b]) },
});

/** The least that anything within reach scores is far above it. */
export const leastColourScore = 1e-25;

/** The sum of clauses and what all have, over 1 + words / halving (words/weights.ts). */
const relevance = `return (_score + params.base) / (1 + doc['length'].value / params.halving);`;

export const relevanceScript = (base: number, halving: number): Json => ({ source: relevance, params: { base, halving } });

const bits = `
  BytesRef ref = doc[params.path].value;
  byte[] bytes = ref.bytes;
  String value = params.value;
  int alike = 8 * value.length();
  for (int i = 0; i < value.length(); i++) alike -= Integer.bitCount((bytes[ref.offset + i] ^ value.charAt(i)) & 255);
  return alike;
`;

const angle = `
  BytesRef ref = doc[params.path].value;
  byte[] bytes = ref.bytes;
  String value = params.value;
  int sum = 0;
  int own = 0;
  int other = 0;
  for (int i = 0; i < value.length(); i++) {
    int x = value.charAt(i) - 256;
    int y = bytes[ref.offset + i];
    sum += x * y;
    own += x * x;
    other += y * y;
  }
  return 1 + Math.max(-1, sum / Math.sqrt((double) own * other));
`;

/**
 * How alike to a value something is: the more, the nearer. The value comes as a text, a character a byte, since a script reads a
 * list of numbers several times slower: bits as they are, numbers of -128 to 127 plus 256.
 */
export function likenessScript(kind: 'bits' | 'vector', path: string, value: string): Json {
  if (kind === 'bits') return { source: bits, params: { path, value: Buffer.from(value, 'base64').toString('latin1') } };
  const numbers = numbersOf(value)
    .map((number) => String.fromCharCode(number + 256))
    .join('');
  return { source: angle, params: { path, value: numbers } };
}
