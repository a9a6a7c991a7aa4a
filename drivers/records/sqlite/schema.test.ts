import Database from 'better-sqlite3';
import type { Collection, FindOptions } from '../port.ts';
import { compileFind } from './compile-find.ts';
import { prepareTable } from './schema.ts';

const base: Collection = { name: 'assets', hot: { state: 'text', createdAt: 'number' }, indexes: [['state', 'createdAt']] };

let db: Database.Database;
beforeEach(() => {
  db = new Database(':memory:');
});
afterEach(() => db.close());

const insert = (id: string, record: Record<string, unknown>): unknown =>
  db.prepare('INSERT INTO assets (id, doc) VALUES (?, ?)').run(id, JSON.stringify({ id, ...record }));

const find = (collection: Collection, options: FindOptions): unknown[] => {
  const { text, params } = compileFind(collection.name, options, prepareTable(db, collection));
  return db.prepare<unknown[], string>(text).pluck().all(...params).map((doc) => (JSON.parse(doc) as { id: string }).id); // prettier-ignore
};

const plan = (collection: Collection, options: FindOptions): string => {
  const { text, params } = compileFind(collection.name, options, prepareTable(db, collection));
  const steps = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(...params);
  return steps.map(({ detail }) => detail).join('\n');
};

const indexes = (): string[] =>
  db.prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name`).pluck().all();

describe('the table of a collection', () => {
  it('finds a sorted page by its index', () => {
    const page = plan(base, { query: { state: 'ready', createdAt: { $gt: 5 } }, sort: ['-createdAt'], limit: 50 });
    expect(page).toContain('USING INDEX assets by state, createdAt (state=? AND createdAt>?');
    expect(page).not.toContain('TEMP B-TREE FOR ORDER BY');
    const several = plan(base, { query: { state: { $in: ['ready', 'degraded'] } }, sort: ['createdAt'] });
    expect(several).toContain('USING INDEX assets by state, createdAt (state=?)');
  });

  it('has the id in every index, so that a page is cut before any document is read', () => {
    prepareTable(db, base);
    const index = db.prepare('SELECT name FROM pragma_index_info(?)').pluck().all('assets by state, createdAt');
    expect(index).toEqual(['state', 'createdAt', 'id']);
  });

  it('takes a hot field and an index more, for the records that are there too', () => {
    prepareTable(db, base);
    insert('a', { state: 'x', owner: { name: 'me' }, rank: 2 });
    insert('b', { state: 'x', owner: { name: 'you' }, rank: 1 });
    const more: Collection = {
      ...base,
      hot: { ...base.hot, 'owner.name': 'text', rank: 'number' },
      indexes: [...(base.indexes ?? []), ['owner.name', 'rank']],
    };
    expect(find(more, { query: { 'owner.name': { $gte: 'me' } }, sort: ['rank'] })).toEqual(['b', 'a']);
    expect(plan(more, { query: { 'owner.name': 'me' } })).toContain('INDEX assets by owner.name, rank (owner.name=?)');
  });

  it('leaves alone a table that is as declared', () => {
    const declared: Collection = { ...base, hot: { ...base.hot, flag: 'boolean', sha256: 'text' }, unique: ['sha256'] };
    prepareTable(db, declared);
    const version: unknown = db.pragma('schema_version', { simple: true });
    prepareTable(db, declared);
    expect(db.pragma('schema_version', { simple: true })).toBe(version);
  });

  it('drops the indexes that are no longer declared and leaves the others', () => {
    prepareTable(db, { ...base, hot: { ...base.hot, sha256: 'text' }, unique: ['sha256'] });
    expect(indexes()).toEqual(['assets by state, createdAt', 'assets unique sha256']);
    prepareTable(db, { ...base, indexes: [['createdAt']] });
    expect(indexes()).toEqual(['assets by createdAt']);
    insert('a', { sha256: 'same' });
    insert('b', { sha256: 'same' });
  });

  it('follows a hot field to another type', () => {
    const typed = (type: 'text' | 'number'): Collection => ({ name: 'assets', hot: { size: type }, indexes: [['size']] });
    prepareTable(db, typed('text'));
    insert('a', { size: 10 });
    insert('b', { size: 9 });
    expect(plan(typed('number'), { query: { size: { $lt: 10 } } })).toContain('INDEX assets by size (size<?)');
    expect(find(typed('number'), { query: { size: { $lt: 10 } } })).toEqual(['b']);
  });

  it('refuses to become unique over records that are double, and stays as it was', () => {
    const unique: Collection = { ...base, hot: { ...base.hot, sha256: 'text' }, unique: ['sha256'] };
    prepareTable(db, base);
    insert('a', { sha256: 'same' });
    insert('b', { sha256: 'same' });
    expect(() => prepareTable(db, unique)).toThrow(expect.objectContaining({ code: 'records.duplicate' }));
    expect(find(base, {})).toEqual(['a', 'b']);
    expect(indexes()).toEqual(['assets by state, createdAt']);
  });

  it.each<Collection>([
    { name: 'a"; DROP TABLE x; --', hot: {} },
    { name: 'sqlite_x', hot: {} },
    { name: 'assets', hot: { 'a"b': 'text' } },
    { name: 'assets', hot: { "a'b": 'text' } },
    { name: 'assets', hot: { doc: 'text' } },
    { name: 'assets', hot: {}, indexes: [['state']] },
    { name: 'assets', hot: {}, unique: ['sha256'] },
  ])('refuses the declaration %j', (declared) => {
    expect(() => prepareTable(db, declared)).toThrow();
    expect(db.prepare('SELECT name FROM sqlite_master').all()).toEqual([]);
  });
});
