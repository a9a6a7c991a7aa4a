import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import sharp, { type Sharp } from 'sharp';
import type { Duplicates, Similar } from '../../services/contracts/search.ts';
import { documentVersion } from '../../services/search/fields.ts';
import { plain, samplePhotos } from '../fixtures/pictures.ts';
import { until } from '../fixtures/until.ts';
import { type App, ask, settled, startApp, temporaryFolder, upload } from './app.ts';

const embeds = join(import.meta.dirname, '../fixtures/plugins/embeds');
const bytesOf = async (picture: Sharp): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await picture.toBuffer());
const sample = (name: string): Sharp => sharp(samplePhotos.find((path) => path.endsWith(`${name}.jpg`)));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: App;
/** Ids by the names that pictures were uploaded under. */
const ids = new Map<string, string>();
const nameOf = (id: string): string => [...ids].find(([, known]) => known === id)?.[0] ?? id;
const idOf = (name: string): string => ids.get(name) ?? '';

const start = () =>
  startApp({ data: join(folder.path, 'data'), env: { VITRAIL_PLUGINS_FILE: join(folder.path, 'plugins.yaml') } });
const enable = (list: string) => writeFile(join(folder.path, 'plugins.yaml'), `enrichers:\n${list}`);

async function take(name: string, file: string | Uint8Array<ArrayBuffer>): Promise<void> {
  ids.set(name, (await upload(app, file, {}, name)).body.id);
}

const similar = async (name: string, query = ''): Promise<string[]> => {
  const { body } = await ask<{ items: Similar[] }>(app, `/api/assets/${idOf(name)}/similar${query}`);
  return body.items.map(({ asset, why }) => `${why} ${nameOf(asset.id)}`);
};
const duplicates = async (query = ''): Promise<string[]> => {
  const { body } = await ask<Duplicates>(app, `/api/duplicates${query}`);
  return body.items.map(({ assets }) => assets.map(({ id }) => nameOf(id)).join(' '));
};
const groups = (expected: string[]) =>
  until(`the groups ${expected.join(', ')}`, async () => (await duplicates()).join() === expected.join(), 45_000);

const dogs = ['two-dogs.jpg', 'dogs-1280.webp', 'dogs-quality-15.jpg', 'dogs-320.png'];
const table = ['wine-table.jpg', 'table-640.avif'];

beforeAll(async () => {
  folder = await temporaryFolder('look-alikes');
  await enable('  look-alikes: {}\n');
  app = await start();
  for (const path of samplePhotos) await take(path.split('/').at(-1) ?? '', path);
  await take('dogs-320.png', await bytesOf(sample('two-dogs').resize(320).png()));
  await take('dogs-1280.webp', await bytesOf(sample('two-dogs').resize(1280).webp({ quality: 70 })));
  await take('dogs-quality-15.jpg', await bytesOf(sample('two-dogs').resize(900).jpeg({ quality: 15 })));
  await take('table-640.avif', await bytesOf(sample('wine-table').resize(640).avif({ quality: 50, effort: 0 })));
  await take('sunset-square.jpg', await bytesOf(sample('sunset').resize(700, 700, { fit: 'cover' }).jpeg()));
  await take('sunset-mirrored.jpg', await bytesOf(sample('sunset').resize(700).flop().jpeg()));
  await take('ridge-green.jpg', await bytesOf(sample('autumn-ridge').resize(700).modulate({ hue: 120 }).jpeg()));
  for (const color of ['#ffffff', '#fefefe', '#000000']) await take(`plain-${color}.png`, await plain(color));
  for (const id of ids.values()) expect((await settled(app, id)).state).toBe('ready');
}, 240_000);
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('look-alikes', () => {
  it('groups copies of one picture, the largest first, and nothing else: no blank, cut, mirrored or recoloured picture', async () => {
    await groups([table.join(' '), dogs.join(' ')]);
    const { body } = await ask<Duplicates>(app, '/api/duplicates');
    expect(body).toMatchObject({ total: 2, next: null, items: [{ count: 2 }, { count: 4 }] });
    for (const { distance } of body.items) expect(distance).toBeLessThanOrEqual(0.25);
  });

  it('gives groups page by page, and refuses a cursor that it has not given', async () => {
    const { body } = await ask<Duplicates>(app, '/api/duplicates?limit=1');
    expect(await duplicates('?limit=1')).toEqual([table.join(' ')]);
    expect(await duplicates(`?limit=1&cursor=${body.next ?? ''}`)).toEqual([dogs.join(' ')]);
    expect(await ask(app, '/api/duplicates?cursor=nonsense')).toMatchObject({
      status: 400,
      body: { code: 'search.cursor-invalid' },
    });
    expect((await ask(app, '/api/duplicates?limit=0')).status).toBe(422);
  });

  it('finds every copy from any of them, and never the asset itself', async () => {
    for (const name of dogs)
      expect((await similar(name)).sort()).toEqual(
        dogs
          .filter((other) => other !== name)
          .map((other) => `same-picture ${other}`)
          .sort(),
      );
    expect(await similar('two-dogs.jpg', '?limit=1')).toHaveLength(1);
  });

  it('finds a picture in other colours alike, not the same', async () => {
    expect(await similar('autumn-ridge.jpg')).toEqual(['alike ridge-green.jpg']);
  });

  it('finds nothing like a blank picture', async () => {
    expect(await similar('plain-#ffffff.png')).toEqual([]);
  });

  it('does not know what looks like an asset that is not there, and takes a limit up to 100', async () => {
    expect((await ask(app, '/api/assets/01M8180XY7ER3G4CF9YEK47P93/similar')).status).toBe(404);
    expect((await ask(app, `/api/assets/${idOf('sunset.jpg')}/similar?limit=101`)).status).toBe(422);
  });

  it('forgets what is deleted', async () => {
    await ask(app, `/api/assets/${idOf('dogs-320.png')}`, { method: 'DELETE' });
    await groups([table.join(' '), dogs.slice(0, 3).join(' ')]);
    expect(await similar('two-dogs.jpg')).toHaveLength(2);
    await ask(app, `/api/assets/${idOf('wine-table.jpg')}`, { method: 'DELETE' });
    await groups([dogs.slice(0, 3).join(' ')]);
  });

  it('feeds an index of the version before anew, and finds by an embedding once an enricher gives one', async () => {
    await app.stop();
    const index = new Database(join(app.data, 'search.sqlite'));
    const mark = String(index.prepare("SELECT value FROM notes WHERE name = 'mark'").pluck().get());
    index
      .prepare("UPDATE notes SET value = ? WHERE name = 'mark'")
      .run(mark.replace(`"${documentVersion}:`, `"${documentVersion - 1}:`));
    index.prepare("UPDATE notes SET value = '[]' WHERE name = 'fields'").run();
    index.exec(
      `UPDATE docs SET fields = json_remove(fields, '$."look-alikes.phash"', '$."look-alikes.tones"', '$.pixels', '$.shape')`,
    );
    index.close();
    expect(mark.startsWith(`"${documentVersion}:`)).toBe(true);

    await enable(`  look-alikes: {}\n  embeds: { from: ${embeds} }\n`);
    app = await start();
    await groups([dogs.slice(0, 3).join(' ')]);
    const found = await until('what is like the sunset by its embedding', async () => {
      const names = await similar('sunset.jpg');
      return names.length > 3 && names.some((name) => name.includes('square')) && names;
    });
    // Light falls on its square cut as on the whole, and on nothing else so much.
    expect(found[0]).toBe('alike sunset-square.jpg');
    expect(found).not.toContain('alike sunset.jpg');
    expect((await similar('two-dogs.jpg')).slice(0, 2).sort()).toEqual([
      'same-picture dogs-1280.webp',
      'same-picture dogs-quality-15.jpg',
    ]);
  }, 120_000);
});

it('an asset without any sign has nothing like it', async () => {
  await using bare = await temporaryFolder('no-signs');
  await writeFile(join(bare.path, 'plugins.yaml'), 'enrichers:\n  palette: {}\n');
  await using other = await startApp({ env: { VITRAIL_PLUGINS_FILE: join(bare.path, 'plugins.yaml') } });
  const { body } = await upload(other, await plain('#336699'), {}, 'plain.png');
  expect((await ask(other, `/api/assets/${body.id}/similar`)).body).toEqual({ items: [] });
  expect((await ask(other, '/api/duplicates')).body).toEqual({ items: [], total: 0, next: null });
}, 60_000);
