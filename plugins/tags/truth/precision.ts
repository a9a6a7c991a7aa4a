import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Judged } from '../judge.ts';
import { COCO } from '../networks/coco.ts';

/** What was seen in a picture by eye, written down by hand. A label that is in none of the lists is wrong. */
export interface Truth {
  /** Of this repository, or where the Debian package puts it. */
  file: string;
  package?: string;
  /** Things there, of the kinds that the network knows. */
  things: string[];
  /** Names that a person would give to large parts of it. */
  colours: string[];
  /** dark, bright, monochrome: those that nobody would object to. */
  light: string[];
  faces: number;
}

/** How a picture was labelled. Shape is left out: it is arithmetic, and would make any precision look good. */
export interface Verdict {
  truth: Truth;
  right: string[];
  wrong: string[];
  /** Those of `right` and `wrong` that are things. */
  rightThings: number;
  wrongThings: number;
  /** Things that are there and were not named. */
  missed: string[];
  faces: number;
  reviewScore: number;
}

const root = new URL('../../../', import.meta.url);
const light = new Set(['dark', 'bright', 'monochrome']);
const colours = new Set('black white grey red orange yellow green blue purple pink brown'.split(' '));
/** `orange` is a colour here: a fruit that is named for its colour would make the things look better than they are. */
const things = new Set(COCO.filter((name) => !colours.has(name)));

/** Pictures of the table that are on this machine, with their paths; the wallpapers are not part of the repository. */
export function present(): { truth: Truth; path: string }[] {
  const table = JSON.parse(readFileSync(new URL('truth.json', import.meta.url), 'utf8')) as Truth[];
  return table
    .map((truth) => ({ truth, path: truth.package ? truth.file : fileURLToPath(new URL(truth.file, root)) }))
    .filter(({ path }) => existsSync(path));
}

export function verdict(truth: Truth, { labels, faces, reviewScore }: Judged): Verdict {
  const judged = labels.filter((label) => things.has(label) || colours.has(label) || light.has(label));
  const right = new Set([...truth.things, ...truth.colours, ...truth.light]);
  const [good, bad] = [judged.filter((label) => right.has(label)), judged.filter((label) => !right.has(label))];
  return {
    truth,
    right: good,
    wrong: bad,
    rightThings: good.filter((label) => things.has(label)).length,
    wrongThings: bad.filter((label) => things.has(label)).length,
    missed: truth.things.filter((label) => !labels.includes(label)),
    faces,
    reviewScore,
  };
}

/** Right ones of all that were given, 0–1. */
export function precision(verdicts: readonly Verdict[], of: 'all' | 'things'): number {
  const count = (verdict: Verdict, good: boolean): number => {
    if (of === 'things') return good ? verdict.rightThings : verdict.wrongThings;
    return (good ? verdict.right : verdict.wrong).length;
  };
  const right = verdicts.reduce((sum, verdict) => sum + count(verdict, true), 0);
  const wrong = verdicts.reduce((sum, verdict) => sum + count(verdict, false), 0);
  return right / (right + wrong);
}
