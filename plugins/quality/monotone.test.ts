import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { distortions, load, rate } from './distortions.ts';

/** The samples are tried at this longer edge, so that all of them take less than a minute. */
const EDGE = 900;
const LEAST_SHARE = 0.95;

const folder = fileURLToPath(new URL('../../samples/', import.meta.url));
const samples = readdirSync(folder).filter((name) => name.endsWith('.jpg'));

type Kind = keyof typeof distortions;
const kinds = Object.keys(distortions) as Kind[];

interface Row {
  sample: string;
  /** Scores from the original to the worst. */
  scores: number[];
}

const fallsOf = ({ scores }: Row): boolean[] => scores.slice(1).map((score, i) => score < scores[i]!);
const shareOf = (falls: boolean[]): number => falls.filter(Boolean).length / falls.length;

describe('the score of a picture that is spoilt more and more', () => {
  const rows = new Map<Kind, Row[]>(kinds.map((kind) => [kind, []]));

  beforeAll(async () => {
    for (const sample of samples) {
      const original = await load(`${folder}/${sample}`, EDGE);
      const { score } = await rate(original);
      for (const kind of kinds) {
        const scores = [score];
        const { levels, apply } = distortions[kind];
        for (const level of levels) scores.push((await rate(await apply(original, level))).score);
        rows.get(kind)!.push({ sample, scores });
      }
    }
    const table = [...rows].flatMap(([kind, all]) => [
      `${kind}: ${(100 * shareOf(all.flatMap(fallsOf))).toFixed(1)} % of steps fall`,
      ...all.map(({ sample, scores }) => `  ${sample.padEnd(22)}${scores.map((score) => score.toFixed(1).padStart(6)).join('')}`),
    ]);
    process.stdout.write(`${table.join('\n')}\n`);
  }, 240_000);

  it.each(kinds)('falls at 95 of 100 steps of %s at least', (kind) => {
    expect(shareOf(rows.get(kind)!.flatMap(fallsOf))).toBeGreaterThanOrEqual(LEAST_SHARE);
  });

  it.each(kinds)('is never as high as the original’s at any level of %s', (kind) => {
    const beaten = rows.get(kind)!.filter(({ scores: [original, ...spoilt] }) => Math.max(...spoilt) >= original!);
    expect(beaten).toEqual([]);
  });

  it.each(kinds)('is lower at the worst level of %s', (kind) => {
    for (const { scores } of rows.get(kind)!) expect(scores.at(-1)).toBeLessThan(scores[0]!);
  });
});
