import type { SearchPage } from '../../services/contracts/search.ts';
import { photo } from '../fixtures/pictures.ts';
import { until } from '../fixtures/until.ts';
import { ask, settled, upload } from './app.ts';
import { blocksOf, openWorkshop, type Served } from './workshop.ts';

const plugins = 'enrichers:\n  palette: {}\n  placeholder: {}\n  tags: {}\n  variants: {}\n';
/** The commands of a guide in one terminal, with the address that the start printed. */
const typed = (blocks: readonly string[], { base }: Served): string => blocks.join('').replaceAll('http://127.0.0.1:3000', base);

it('docs/getting-started.md: what it says to type does what it says', async () => {
  const [install = '', start = '', ...others] = await blocksOf('docs/getting-started.md', 'sh');
  await using workshop = await openWorkshop('started', plugins);
  await workshop.shell(install);
  await using served = await workshop.serve(start.trim());
  await until('all samples', () => /Imported .*8 new/.test(served.output()));
  expect(served.output()).toContain('README.md');

  const { stdout } = await workshop.shell(typed(others, served));
  expect(stdout).toMatch(/"filename":"sunset.jpg".*"total":1/);
  expect(stdout).toContain('All 8 files are here already');
  const found = async () => (await ask<SearchPage>(served, '/api/search?tags=evening&colors=%2366533b')).body.items;
  const [asset] = await until('the tag is in the index', async () => (await found()).length === 1 && found());
  expect(asset?.filename).toBe('sunset.jpg');
  expect((await ask<SearchPage>(served, '/api/search')).body.total).toBe(8);
}, 240_000);

it('docs/admin-guide.md: what it says to type does what it says', async () => {
  await using workshop = await openWorkshop('admin', plugins);
  await using served = await workshop.serve('npm start -- --import samples');
  await until('all samples', () => /Imported .*8 new/.test(served.output()));

  const { stdout } = await workshop.shell(typed(await blocksOf('docs/admin-guide.md', 'sh'), served));
  expect(stdout).toContain('"lane":"backfill"');
  expect(stdout).toMatch(/"paused":true/);
  expect((await ask<{ items: { paused: boolean }[] }>(served, '/api/lanes')).body.items.map(({ paused }) => paused)).toEqual([
    false,
    false,
  ]);
  expect(stdout).toMatch(/Kept 8 assets/);

  await using again = await workshop.serve('env VITRAIL_DATA=../again npm start');
  // Its index is made from the records.
  await until('all are found again', async () => (await ask<SearchPage>(again, '/api/search?state=ready')).body.total === 8);
}, 240_000);

const everything = `${plugins}  exif: {}\n  look-alikes: {}\n  quality: {}\n`;
/** As it is typed in a test: what goes on for ever is listened to for a while, an asset is at the revision it is at, and palette is hosted. */
const adapted = (block: string, rev: number): string =>
  block
    .replaceAll(/^(curl -N [^#\n]*).*$/gm, 'timeout 3 $1 || [ $? = 124 ]')
    .replaceAll('If-Match: "3"', `If-Match: "${rev}"`)
    .replaceAll(/^(curl -X DELETE \$B\/api\/enrichers\/palette).*$/gm, '$1 && exit 1 || true');

it.each(['README.md', 'docs/api.md'])(
  '%s: each command with curl is answered well',
  async (page) => {
    const blocks = (await blocksOf(page, 'sh')).filter((block) => /^curl /m.test(block) && !block.includes('npm '));
    await using workshop = await openWorkshop('curl', everything);
    await using served = await workshop.serve('npm start -- --import samples');
    await until('all samples', () => /Imported .*8 new/.test(served.output()));
    await workshop.shell('cp samples/sunset.jpg .');
    expect(blocks.length).toBeGreaterThan(0);
    for (const [k, block] of blocks.entries()) {
      const { body } = await upload(served, await photo(k), { tags: 'beast' }, 'mine.jpg');
      const { rev } = await settled(served, body.id);
      await workshop.shell(`B=${served.base} ID=${body.id}\n${typed([adapted(block, rev)], served)}`);
    }
  },
  240_000,
);
