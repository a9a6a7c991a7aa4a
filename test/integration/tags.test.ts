import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Asset, AssetTag } from '../../services/contracts/asset.ts';
import type { Enrichment } from '../../services/contracts/enrichment.ts';
import type { SearchPage } from '../../services/contracts/search.ts';
import type { Suggestion, Tag } from '../../services/contracts/tags.ts';
import { plain } from '../fixtures/pictures.ts';
import { until } from '../fixtures/until.ts';
import { allAssets, type App, ask, json, settled, startApp, temporaryFolder, upload } from './app.ts';

/** Gives tags by the picture's colour: what is red is a dog, what is blue the sea; a name in small letters from version 2 on. */
const plugin = (resultVersion: number) => `
import { defineEnricher, field } from 'vitrail/sdk';
import { z } from 'zod';

export default defineEnricher({
  name: 'colourist', title: 'Colourist', version: '1.0.${resultVersion}', resultVersion: ${resultVersion},
  accepts: ['image/*'], config: z.strictObject({}),
  outputs: {
    labels: field.keywords({ title: 'Labels', tags: { confidence: 'confidences' } }),
    confidences: field.floats({ title: 'Confidences', min: 0, max: 1 }),
  },
  async enrich(asset, { still }) {
    const { data } = await still.raw(64);
    return data[0]! > data[2]!
      ? { labels: ['Dog', 'grass'], confidences: [0.9, 0.6] }
      : { labels: ${resultVersion === 1 ? "['sea', 'sky', 'boat']" : "['Sea', 'sky', 'ship']"}, confidences: [0.5, 0.8, 0.7] };
  },
});
`;

const folder = await temporaryFolder('tags');
const own = join(folder.path, 'colourist');
const list = join(folder.path, 'plugins.yaml');
const data = join(folder.path, 'data');
const start = () => startApp({ data, env: { VITRAIL_PLUGINS_FILE: list } });

let app: App;
let dog: string;
let sea: string;
let lake: string;

const encoded = encodeURIComponent;
const tagsOf = async (id: string) => (await ask<{ items: AssetTag[] }>(app, `/api/assets/${id}/tags`)).body.items;
const namesOf = async (id: string) => (await ask<Asset>(app, `/api/assets/${id}`)).body.tags;
const put = (id: string, name: string) =>
  ask<{ items: AssetTag[] }>(app, `/api/assets/${id}/tags/${encoded(name)}`, { method: 'PUT' });
const remove = (id: string, name: string) =>
  ask<{ items: AssetTag[] }>(app, `/api/assets/${id}/tags/${encoded(name)}`, { method: 'DELETE' });
const create = (tag: Record<string, unknown>) => ask<Tag>(app, '/api/tags', json('POST', tag));
const edit = (name: string, change: Record<string, unknown>) =>
  ask<Tag & { code?: string }>(app, `/api/tags/${encoded(name)}`, json('PATCH', change));
const get = async (name: string) => (await ask<Tag>(app, `/api/tags/${encoded(name)}`)).body;
const found = async (query: string) => (await ask<SearchPage>(app, `/api/search?${query}`)).body.items.map(({ id }) => id).sort();
const suggest = async (query: string) =>
  (await ask<{ items: Suggestion[] }>(app, `/api/tags/suggest?${query}`)).body.items.map(({ name }) => name);
/** Waits until the index has caught up with what a search is to find. */
const finds = (query: string, ...ids: string[]) =>
  until(`${query} finds ${ids.length}`, async () => String(await found(query)) === String(ids.toSorted()));
const counts = (name: string, count: number) => until(`${count} × ${name}`, async () => (await get(name)).count === count);

async function replay(id: string): Promise<void> {
  const before = await finishedAt(id);
  await ask(app, `/api/assets/${id}/enrichments/colourist/replay`, { method: 'POST' });
  await until('the replay', async () => (await finishedAt(id)) !== before);
  await settled(app, id);
}
async function finishedAt(id: string): Promise<string | undefined> {
  const { body } = await ask<{ items: Enrichment[] }>(app, `/api/assets/${id}/enrichments`);
  const [row] = body.items.filter(({ status }) => status === 'done');
  return row?.finishedAt;
}
async function uploaded(color: string, fields: Record<string, string> = {}): Promise<string> {
  const { body } = await upload(app, await plain(color), fields, `${color}.png`);
  await settled(app, body.id);
  return body.id;
}

beforeAll(async () => {
  await mkdir(own);
  await writeFile(join(own, 'index.ts'), plugin(1));
  await writeFile(list, 'enrichers:\n  colourist: { from: ./colourist }\n');
  app = await start();
  dog = await uploaded('#ff0000', { tags: 'Evening,park' });
  sea = await uploaded('#0000ff');
  lake = await uploaded('#0000ee');
}, 120_000);
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('the tags of an asset', () => {
  it('are the person’s, then the enrichers’ by confidence, each with its source', async () => {
    expect(await namesOf(dog)).toEqual(['Evening', 'park', 'Dog', 'grass']);
    expect(await namesOf(sea)).toEqual(['sky', 'boat', 'sea']);
    const tags = await tagsOf(dog);
    expect(tags.map(({ name, source, confidence }) => [name, source, confidence])).toEqual([
      ['Evening', 'person', 1],
      ['park', 'person', 1],
      ['Dog', 'colourist', 0.9],
      ['grass', 'colourist', 0.6],
    ]);
    for (const { at } of tags) expect(new Date(at).toISOString()).toBe(at);
  });

  it('are given and taken by a person, as often as one likes, without regard to case', async () => {
    expect((await put(sea, 'holiday')).body.items[0]).toMatchObject({ name: 'holiday', source: 'person' });
    const once = await ask<Asset>(app, `/api/assets/${sea}`);
    expect((await put(sea, 'HOLIDAY')).status).toBe(200);
    expect((await remove(sea, 'BOAT')).status).toBe(200);
    expect((await remove(sea, 'boat')).status).toBe(200);
    expect(await namesOf(sea)).toEqual(['holiday', 'sky', 'sea']);
    const twice = await ask<Asset>(app, `/api/assets/${sea}`);
    expect(twice.body.rev).toBe(once.body.rev + 1);
    await finds('tags=boat', lake);
    await finds('q=boat', lake);
    await finds('tags=HOLIDAY', sea);
  });

  it('keep a person’s word through replays, and PUT brings back what DELETE took', async () => {
    for (let round = 0; round < 3; round += 1) {
      await replay(sea);
      expect(await namesOf(sea)).toEqual(['holiday', 'sky', 'sea']);
    }
    await put(sea, 'boat');
    expect(await namesOf(sea)).toEqual(['holiday', 'boat', 'sky', 'sea']);
    await remove(sea, 'boat');
  }, 120_000);

  it('take names with any letters, and no others than names', async () => {
    for (const name of ['a/b c', 'ключ', '猫', 'v1.2$x', '100 %', 'back\\slash', '__proto__', 'constructor', '🏖️?#&+']) {
      expect((await put(lake, name)).body.items.map((tag) => tag.name)).toContain(name);
      expect(await get(name)).toMatchObject({ name });
      expect((await remove(lake, name)).body.items.map((tag) => tag.name)).not.toContain(name);
    }
    expect((await put(lake, 'Cafe\u0301')).body.items.map((tag) => tag.name)).toContain('Caf\u00e9');
    await remove(lake, 'CAFÉ');
    for (const name of ['a,b', '-a', ' ', 'x'.repeat(101), 'a\u2028b'])
      expect([name, (await put(lake, name)).status]).toEqual([name, 422]);
    expect((await put('01ARZ3NDEKTSV4RRFFQ69G5FAV', 'x')).status).toBe(404);
    expect((await remove('01ARZ3NDEKTSV4RRFFQ69G5FAV', 'x')).status).toBe(404);
    expect((await ask(app, '/api/assets/01ARZ3NDEKTSV4RRFFQ69G5FAV/tags')).status).toBe(404);
  });

  it('loses none of twenty that are given at once, nor of those taken and listed beside them', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `many ${i}`);
    const answers = await Promise.all(names.map((name) => put(lake, name)));
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    expect((await namesOf(lake)).filter((name) => name.startsWith('many')).sort()).toEqual(names.toSorted());
    await Promise.all([
      ...names.slice(0, 10).map((name) => remove(lake, name)),
      ...names.map((name) => put(lake, name.replace('many', 'more'))),
      ask(app, `/api/assets/${lake}`, json('PATCH', { title: 'Lake' })),
    ]);
    const left = await namesOf(lake);
    expect(left.filter((name) => name.startsWith('many')).sort()).toEqual(names.slice(10).sort());
    expect(left.filter((name) => name.startsWith('more'))).toHaveLength(20);
  });

  it('become just the list of a PATCH', async () => {
    const { body } = await ask<Asset>(app, `/api/assets/${lake}`, json('PATCH', { tags: ['Swan', 'sea', 'swan', 'boat'] }));
    expect(body.tags).toEqual(['Swan', 'boat', 'sea']);
    expect((await tagsOf(lake)).map(({ source }) => source)).toEqual(['person', 'colourist', 'colourist']);
    await replay(lake);
    expect(await namesOf(lake)).toEqual(['Swan', 'boat', 'sea']);
    await counts('sky', 1);
  }, 60_000);
});

describe('the catalogue of tags', () => {
  it('knows what is in use, how often, and under one spelling', async () => {
    await counts('sea', 2);
    await counts('holiday', 1);
    const { body } = await ask<{ items: Tag[]; total: number; next: string | null }>(app, '/api/tags?limit=3');
    expect(body.items[0]).toEqual({ name: 'sea', synonyms: [], count: 2 });
    const names: string[] = [];
    for (let cursor = ''; ;) {
      const page = await ask<{ items: Tag[]; next: string | null }>(app, `/api/tags?sort=name&limit=4${cursor}`);
      names.push(...page.body.items.map(({ name }) => name));
      if (page.body.next === null) break;
      cursor = `&cursor=${encoded(page.body.next)}`;
    }
    expect(names).toEqual(['boat', 'Dog', 'Evening', 'grass', 'holiday', 'park', 'sea', 'sky', 'Swan']);
    expect(body.total).toBe(names.length);
    expect((await ask(app, '/api/tags?cursor=nonsense')).status).toBe(400);
    expect((await ask(app, '/api/tags/nobody')).status).toBe(404);
  });

  it('finds by the parent what has a tag below it, and by the synonym what has the tag', async () => {
    expect((await create({ name: 'Animal', synonyms: ['beast'] })).status).toBe(201);
    expect((await create({ name: 'animal' })).body).toMatchObject({ code: 'tag.exists' });
    expect((await create({ name: 'pet', parent: 'animal' })).status).toBe(201);
    expect((await edit('dog', { parent: 'pet', synonyms: ['hound'] })).body).toEqual({
      name: 'Dog',
      parent: 'pet',
      synonyms: ['hound'],
      count: 1,
    });
    for (const tag of ['animal', 'PET', 'beast', 'hound', 'dog']) expect([tag, await found(`tags=${tag}`)]).toEqual([tag, [dog]]);
    expect(await found('tags=-animal')).toEqual([sea, lake].sort());
    for (const word of ['animal', 'pet', 'beast', 'hound']) await finds(`q=${word}`, dog);
    expect((await get('hound')).name).toBe('Dog');
    expect((await get('animal')).count).toBe(0);
  });

  it('refuses circles and names that are taken, and changes nothing then', async () => {
    for (const [name, parent] of [
      ['animal', 'dog'],
      ['animal', 'hound'],
      ['dog', 'Dog'],
      ['pet', 'dog'],
    ] as const) {
      const { status, body } = await edit(name, { parent, synonyms: ['changed'] });
      expect([status, body.code]).toEqual([409, 'tag.circle']);
    }
    expect((await edit('sea', { name: 'pet' })).body.code).toBe('tag.exists');
    expect((await edit('sea', { synonyms: ['pet'] })).body.code).toBe('tag.exists');
    expect((await ask(app, '/api/tags/changed')).status).toBe(404);
    expect((await edit('nobody', { name: 'x' })).status).toBe(404);
  });

  it('renames: the old name still means the tag, for enrichers and for searches', async () => {
    expect((await edit('dog', { name: 'Hund' })).body).toMatchObject({ name: 'Hund', synonyms: ['Dog', 'hound'], count: 1 });
    expect(await namesOf(dog)).toEqual(['Evening', 'park', 'Hund', 'grass']);
    for (const tag of ['dog', 'hund', 'hound', 'pet']) expect([tag, await found(`tags=${tag}`)]).toEqual([tag, [dog]]);
    await replay(dog);
    expect(await namesOf(dog)).toEqual(['Evening', 'park', 'Hund', 'grass']);
    await finds('q=hund', dog);
    const facet = async () => (await ask<SearchPage>(app, '/api/search?facets=tags')).body.facets['tags'];
    await until('the new name among the facets', async () => (await facet())?.some(({ value }) => value === 'Hund'));
    expect((await facet())?.some(({ value }) => value === 'Dog')).toBe(false);
    await remove(dog, 'dog');
    expect(await namesOf(dog)).toEqual(['Evening', 'park', 'grass']);
    await put(dog, 'hound');
    expect(await namesOf(dog)).toEqual(['Evening', 'park', 'Hund', 'grass']);
  }, 60_000);

  it('merges when asked to', async () => {
    await put(sea, 'swan');
    await counts('swan', 2);
    expect((await edit('boat', { name: 'Swan' })).status).toBe(409);
    expect((await edit('boat', { name: 'Swan', merge: true })).body).toMatchObject({ name: 'Swan', synonyms: ['boat'] });
    await finds('tags=boat', sea, lake);
    await counts('swan', 2);
    expect(await namesOf(lake)).toEqual(['Swan', 'sea']);
    await remove(lake, 'boat');
    expect(await namesOf(lake)).toEqual(['sea']);
  });

  it('lets a tag go, and assets keep it', async () => {
    expect((await create({ name: 'unused' })).status).toBe(201);
    expect((await ask(app, '/api/tags/unused', { method: 'DELETE' })).status).toBe(204);
    expect((await ask(app, '/api/tags/unused')).status).toBe(404);
    expect((await ask(app, '/api/tags/hound', { method: 'DELETE' })).status).toBe(204);
    expect(await namesOf(dog)).toContain('hound');
    await remove(dog, 'hound');
    await put(dog, 'hund');
    expect((await get('hund')).synonyms).toEqual(['Dog']);
    expect((await ask(app, '/api/tags/pet', { method: 'DELETE' })).status).toBe(204);
    expect(await get('hund')).not.toHaveProperty('parent');
    expect(await found('tags=animal')).toEqual([]);
    await finds('q=animal');
    expect((await ask(app, '/api/tags/sky', { method: 'DELETE' })).status).toBe(204);
    expect(await namesOf(sea)).toContain('sky');
    expect((await get('sky')).count).toBe(1);
  });

  it('suggests by beginnings, by synonyms and by what stands together', async () => {
    await create({ name: 'Écluse', synonyms: ['lock gate'] });
    expect(await suggest('q=ecl')).toEqual(['Écluse']);
    expect((await ask<Tag>(app, '/api/tags/%73uggest')).status).toBe(404);
    await create({ name: 'suggest' });
    expect((await ask<Tag>(app, '/api/tags/%73uggest')).body.name).toBe('suggest');
    expect((await ask(app, '/api/tags/suggest', { method: 'DELETE' })).status).toBe(204);
    expect(await suggest('q=GATE')).toEqual(['Écluse']);
    await put(lake, 'fog');
    await put(lake, 'Écluse');
    await counts('Écluse', 1);
    expect(await suggest(`for=${sea}`)).toEqual(['Écluse', 'fog']);
    expect(await suggest(`for=${sea}&q=e`)).toEqual(['Écluse', 'Evening']);
    expect(await suggest(`for=${lake}&q=s`)).toEqual(['sky', 'Swan']);
    expect((await ask(app, '/api/tags/suggest?for=01ARZ3NDEKTSV4RRFFQ69G5FAV')).status).toBe(404);
  });
});

it('a tag that is entered has an address, and the hint for a synonym that is taken can be followed', async () => {
  const entered = await create({ name: 'sea side/shore' });
  expect([entered.status, entered.headers.get('location')]).toEqual([201, '/api/tags/sea%20side%2Fshore']);
  expect((await ask<Tag>(app, entered.headers.get('location') ?? '')).body.name).toBe('sea side/shore');
  await create({ name: 'coast', parent: 'place' });
  const refused = await ask<{ detail: string }>(app, '/api/tags', json('POST', { name: 'littoral', synonyms: ['coast'] }));
  expect([refused.status, refused.body.detail]).toEqual([409, expect.stringMatching(/enter it without that one, then PATCH/)]);
  await create({ name: 'littoral' });
  expect((await edit('littoral', { synonyms: ['coast'], merge: true })).body).toMatchObject({
    synonyms: ['coast'],
    parent: 'place',
  });
});

it.each([
  ['only a zero-width space', '\u200b'],
  ['a mark that turns the writing', '\u202eabc'],
  ['a line break', 'a\nb'],
])('no asset is given %s for a tag', async (_what, name) => {
  const { status } = await create({ name });
  expect(status).toBe(422);
});

it('a person’s word and the catalogue outlive a restart and a new result version', async () => {
  await edit('swan', { parent: 'Animal' });
  const before = await allAssets(app);
  await app.stop();
  await writeFile(join(own, 'index.ts'), plugin(2));
  app = await start();
  await until('the new results', async () => (await namesOf(sea)).includes('ship'));
  for (const id of [dog, sea, lake]) await settled(app, id);
  expect(await namesOf(dog)).toEqual(before.find(({ id }) => id === dog)?.tags);
  expect(await namesOf(sea)).toEqual(['holiday', 'swan', 'sky', 'ship', 'sea'].map((name) => (name === 'swan' ? 'Swan' : name)));
  expect(await namesOf(lake)).toEqual(['fog', 'Écluse', 'ship', 'sea']);
  await finds('tags=animal', sea);
  await finds('q=animal', sea);
  expect(await get('dog')).toMatchObject({ name: 'Hund', synonyms: ['Dog'] });
  await counts('ship', 2);
}, 120_000);
