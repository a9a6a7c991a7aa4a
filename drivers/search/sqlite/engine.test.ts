import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { SearchField } from '../port.ts';
import { Engine } from './engine.ts';

const root = await mkdtemp(join(tmpdir(), 'vitrail-search-engine-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const fields: SearchField[] = [
  { name: 'title', kind: 'text', weight: 3 },
  { name: 'tags', kind: 'keyword', many: true, weight: 2, filter: true, facet: true },
  { name: 'width', kind: 'integer', filter: true, sort: true },
];
const docs = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: `d${i}`,
    rev: 1,
    fields: { title: `title${i} all`, tags: ['blue', `t${i % 3}`], width: i, note: `note${i}` },
  }));
const idsOf = async (engine: Engine, query: Partial<Parameters<Engine['find']>[0]>): Promise<string[]> =>
  (await engine.find({ limit: 10, ...query })).ids;

async function filled(name: string, count: number): Promise<{ file: string; engine: Engine }> {
  const file = join(root, name);
  const engine = new Engine(file);
  await engine.configure(fields);
  await engine.put(docs(count));
  return { file, engine };
}

describe('the engine', () => {
  it('finds keywords that have a weight as words, too', async () => {
    const { engine } = await filled('keywords.sqlite', 3);
    expect(await idsOf(engine, { q: 'blue t1' })).toEqual(['d1']);
    expect(await idsOf(engine, { filters: [{ field: 'tags', all: ['t1'] }] })).toEqual(['d1']);
    await engine.close();
  });

  it('answers a search at once after opening from all documents, however many chunks they take', async () => {
    const { file, engine } = await filled('chunks.sqlite', 1201);
    await engine.remove([{ id: 'd7', rev: 2 }]);
    await engine.close();
    const again = new Engine(file);
    const [{ total }, count] = await Promise.all([again.find({ q: 'all', limit: 1 }), again.count()]);
    expect([total, count]).toEqual([1200, 1200]);
    await again.close();
  });

  it('takes puts and removals while it is loading', async () => {
    const { file, engine } = await filled('loading.sqlite', 1200);
    await engine.close();
    const again = new Engine(file);
    const writes = [
      again.put([{ id: 'd1100', rev: 2, fields: { title: 'new', width: -1 } }]),
      again.remove([{ id: 'd1101', rev: 2 }]),
      again.remove([{ id: 'd0', rev: 2 }]),
      again.put([{ id: 'other', rev: 1, fields: { title: 'new', width: -2 } }]),
    ];
    expect(await idsOf(again, { sort: { field: 'width', descending: false }, limit: 3 })).toEqual(['other', 'd1100', 'd1']);
    await Promise.all(writes);
    expect(await again.count()).toBe(1199);
    await again.close();
  });

  it('files text that is declared later even if it is closed before it could', async () => {
    const { file, engine } = await filled('refile.sqlite', 1000);
    const configured = engine.configure([...fields, { name: 'note', kind: 'text' }]);
    await engine.close();
    await configured;
    const again = new Engine(file);
    expect(await idsOf(again, { q: 'note999' })).toEqual(['d999']);
    expect(await idsOf(again, { q: 'note0' })).toEqual(['d0']);
    await again.close();
  });

  it('moves what was text into a column when it is declared as a keyword, and back', async () => {
    const { engine } = await filled('moved.sqlite', 3);
    await engine.configure([{ name: 'title', kind: 'keyword', filter: true }]);
    expect(await idsOf(engine, { filters: [{ field: 'title', any: ['title1 all'] }] })).toEqual(['d1']);
    expect(await idsOf(engine, { q: 'title1' })).toEqual([]);
    await engine.configure([{ name: 'title', kind: 'text', weight: 3 }]);
    expect(await idsOf(engine, { q: 'title1' })).toEqual(['d1']);
    await expect(engine.find({ filters: [{ field: 'title', any: ['x'] }], limit: 1 })).rejects.toMatchObject({
      code: 'search.field-unknown',
    });
    await engine.close();
  });

  it('writes the mark no sooner than the documents before it', async () => {
    const { file, engine } = await filled('mark.sqlite', 0);
    const reader = new Database(file, { readonly: true });
    const state = (): unknown[] => [
      reader.prepare('SELECT count(*) FROM docs').pluck().get(),
      reader.prepare("SELECT value FROM notes WHERE name = 'mark'").pluck().get(),
    ];
    void engine.put(docs(600));
    await engine.setMark('after');
    expect(state()).toEqual([600, '"after"']);
    reader.close();
    await engine.close();
  });

  it('keeps what was put when it is closed right after', async () => {
    const { file, engine } = await filled('closing.sqlite', 0);
    const put = engine.put(docs(700));
    await engine.close();
    await put;
    const again = new Engine(file);
    expect(await again.count()).toBe(700);
    await again.close();
  });

  it('starts empty, and without a mark, from an index of another version', async () => {
    const { file, engine } = await filled('version.sqlite', 3);
    await engine.setMark('x');
    await engine.close();
    const db = new Database(file);
    db.pragma('user_version = 999');
    db.close();
    const again = new Engine(file);
    expect([await again.count(), await again.mark()]).toEqual([0, null]);
    await again.configure(fields);
    await again.put(docs(1));
    expect(await idsOf(again, { q: 'title0' })).toEqual(['d0']);
    await again.close();
  });

  it('does not file words again that have not changed', async () => {
    const { file, engine } = await filled('unchanged.sqlite', 1);
    await engine.close();
    const db = new Database(file);
    const words = (): unknown => db.prepare('SELECT count(*), max(id), max(length(block)) FROM words_data').get();
    const before = words();
    const again = new Engine(file);
    await again.put(docs(1).map((doc) => ({ ...doc, rev: 2, fields: { ...doc.fields, width: 5 } })));
    expect(words()).toEqual(before);
    await again.put(docs(1).map((doc) => ({ ...doc, rev: 3, fields: { ...doc.fields, title: 'changed' } })));
    expect(words()).not.toEqual(before);
    db.close();
    await again.close();
  });
});
