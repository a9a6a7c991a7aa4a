import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes `brisque-live.f32` from OpenCV's model. It was run once, with Debian's package opencv-data 4.6.0:
 *
 *     node plugins/quality/convert-model.ts /usr/share/opencv4/quality
 */
const folder = process.argv[2];
if (folder === undefined) throw new Error('Say where brisque_model_live.yml is: node convert-model.ts FOLDER');
const [text, ranges] = ['brisque_model_live.yml', 'brisque_range_live.yml'].map((name) =>
  readFileSync(join(folder, name), 'utf8'),
) as [string, string];

const number = /-?\d+\.?\d*(?:e[+-]?\d+)?/g;
const numbers = (from: string): number[] => (from.match(number) ?? []).map(Number);
function found(pattern: RegExp, from: string): string {
  const match = pattern.exec(from)?.[1];
  if (match === undefined) throw new Error(`The model has no ${pattern.source}: it is of another format than OpenCV 4.6's`);
  return match;
}

const vectors = [...found(/support_vectors:([^]*)decision_functions:/, text).matchAll(/\[([^\]]*)\]/g)].map((row) =>
  numbers(row[1] ?? ''),
);
const weights = numbers(found(/alpha:\s*\[([^\]]*)\]/, text));
const range = numbers(found(/data:\s*\[([^\]]*)\]/, ranges));
const fits = vectors.length === weights.length && vectors.every((vector) => vector.length === 36) && range.length === 72;
if (!fits) throw new Error(`Expected as many weights as vectors of 36, not ${weights.length} and ${vectors.length}`);

const floats = [
  Number(found(/gamma:\s*(\S+)/, text)),
  Number(found(/rho:\s*(\S+)/, text)),
  ...range,
  ...vectors.flatMap((vector, i) => [weights[i] ?? 0, ...vector]),
];
const bytes = Buffer.alloc(4 * floats.length);
floats.forEach((value, i) => bytes.writeFloatLE(value, 4 * i));
writeFileSync(new URL('./brisque-live.f32', import.meta.url), bytes);
