import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Asset } from '../../services/contracts/asset.ts';
import { photo } from '../fixtures/pictures.ts';
import { serverThat } from '../fixtures/server-that.ts';
import { ask, json, settled, startApp, temporaryFolder, upload } from './app.ts';
import { ended, vitrail } from './vitrail.ts';

type Line = Asset & { file: string };
const linesOf = async (folder: string): Promise<Line[]> =>
  (await readFile(join(folder, 'assets.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .sort((a, b) => (a.id < b.id ? -1 : 1));

it('writes all originals with what is said of them, from a server that runs and from the data folder alike', async () => {
  await using folder = await temporaryFolder('export');
  const data = join(folder.path, 'data');
  const [remote, local] = [join(folder.path, 'remote'), join(folder.path, 'local')];
  await using app = await startApp({ data });
  const ids: string[] = [];
  for (let k = 0; k < 3; k += 1) ids.push((await upload(app, await photo(k), { tags: 'kept' }, 'same.jpg')).body.id);
  await ask(app, `/api/assets/${ids[0] ?? ''}`, json('PATCH', { title: 'Last light', rating: 4 }));
  const assets: Asset[] = [];
  for (const id of ids) assets.push(await settled(app, id));

  const made = await ended(vitrail(['export', remote, '--url', app.base, '--json']));
  expect([made.status, JSON.parse(made.stdout)]).toEqual([0, expect.objectContaining({ files: 3, failed: [] })]);
  const lines = await linesOf(remote);
  expect(lines.map(({ file: _file, ...asset }) => asset)).toEqual(assets);
  expect(lines[0]).toMatchObject({ title: 'Last light', rating: 4, tags: ['kept'] });
  expect((await readdir(remote)).sort()).toEqual(['assets.jsonl', 'same (2).jpg', 'same (3).jpg', 'same.jpg']);
  for (const { file, sha256 } of lines)
    expect(
      createHash('sha256')
        .update(await readFile(join(remote, file)))
        .digest('hex'),
    ).toBe(sha256);
  await app.stop();

  const own = await ended(vitrail(['export', local], { env: { VITRAIL_DATA: data } }));
  expect(own).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Wrote 3 files .* and assets\.jsonl/) });
  const known = ({ file: _file, variants: _variants, ...asset }: Line) => asset;
  expect((await linesOf(local)).map(known)).toEqual(lines.map(known));
  expect(await ended(vitrail(['export', local], { env: { VITRAIL_DATA: data } }))).toMatchObject({
    status: 1,
    output: expect.stringContaining('is not empty'),
  });

  // A lost original is said, and stops no other.
  await rm(join(data, 'blobs', 'originals'), { recursive: true });
  const lost = await ended(vitrail(['export', join(folder.path, 'lost')], { env: { VITRAIL_DATA: data } }));
  expect(lost).toMatchObject({ status: 1, stdout: expect.stringMatching(/failed {2}same\.jpg[^]*3 failed/) });
  expect((await ended(vitrail(['export']))).status).toBe(2);
}, 240_000);

it('says that assets of a server are missing which its index has not yet', async () => {
  await using folder = await temporaryFolder('unlisted');
  const answers: Record<string, unknown> = { '/api/search': { items: [], next: null }, '/api/work': { assets: 2 } };
  await using server = await serverThat((request, response) =>
    response.end(JSON.stringify(answers[new URL(request.url ?? '', 'http://a').pathname])),
  );
  const made = await ended(vitrail(['export', join(folder.path, 'all'), '--url', server.base]));
  expect(made).toMatchObject({ status: 1, stdout: expect.stringContaining('2 more are not here') });
});
