/** Prints the precision table of the README for the pictures that are on this machine: node plugins/tags/truth/table.ts */
import { enrichOnce } from '../../sdk/testkit.ts';
import tags from '../index.ts';
import type { Judged } from '../judge.ts';
import { precision, present, verdict } from './precision.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const list = (words: readonly string[]): string => words.join(', ') || '–';

const verdicts = [];
print('| Picture | Right | Wrong | There, not named | Faces (there) | Review |');
print('| ------- | ----- | ----- | ---------------- | ------------- | ------ |');
for (const { truth, path } of present()) {
  const { outputs } = await enrichOnce(tags, path);
  const found = verdict(truth, outputs as unknown as Judged);
  verdicts.push(found);
  const name = `${truth.package ? `${truth.package}: ` : ''}${truth.file.replace(/^\/usr\/share\/(backgrounds|wallpapers)\/|\/contents\/images(?=\/)/g, '')}`;
  const faces = `${found.faces} (${truth.faces})`;
  print(`| ${[name, list(found.right), list(found.wrong), list(found.missed), faces, found.reviewScore].join(' | ')} |`);
}
print('');
print(
  `${verdicts.length} pictures: ${percent(precision(verdicts, 'all'))} of the labels are right, ${percent(precision(verdicts, 'things'))} of the things, of which there are ${verdicts.reduce((sum, one) => sum + one.rightThings + one.wrongThings, 0)}`,
);
