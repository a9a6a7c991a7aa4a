import { writeFile } from 'node:fs/promises';
import type { SearchPage } from '../../services/contracts/search.ts';
import { until } from '../fixtures/until.ts';
import { ask } from './app.ts';
import { blocksOf, openWorkshop } from './workshop.ts';

it('docs/writing-a-plugin.md: what it says to type makes an enricher that is live, searchable and on the page', async () => {
  const [write = '', start = '', look = ''] = await blocksOf('docs/writing-a-plugin.md', 'sh');
  const [line = ''] = await blocksOf('docs/writing-a-plugin.md', 'yaml');
  await using workshop = await openWorkshop('writing', 'enrichers:\n  palette: {}\n');

  const { stdout } = await workshop.shell(write);
  expect(stdout.replaceAll('"', "'")).toContain(line.trim());
  expect(stdout).toMatch(/fail 0/);
  await writeFile(workshop.plugins, `enrichers:\n  palette: {}\n  ${line}`);

  await using served = await workshop.serve(start.trim());
  await until('all samples', () => /Imported .*8 new/.test(served.output()));
  const answered = await workshop.shell(look.replaceAll('http://127.0.0.1:3000', served.base));
  expect(answered.stdout).toContain('"tone":"dark"');
  expect(answered.stdout).toContain('"title":"Brightness"');
  const all = await ask<SearchPage>(served, '/api/search?brightness.brightness=0..1');
  expect(all.body.total).toBe(8);
}, 240_000);
