import { compileFind } from './compile-find.ts';
import { compileQuery } from './compile-query.ts';
import { compileUpdate } from './compile-update.ts';
import type { Columns } from './schema.ts';

const columns: Columns = new Map([
  ['id', 'text'],
  ['state', 'text'],
]);
const evil = `x' OR "1"='1'; --`;

describe('compiled SQL', () => {
  it('binds every value and every path of the document', () => {
    const query = {
      state: evil,
      'cold.field': { $in: [evil, 7], $gt: evil },
      $or: [{ state: { $nin: [evil, 'y'] } }, { other: evil }],
    };
    const { text, params } = compileQuery(query, columns);
    expect(text).not.toContain('OR "1"');
    expect(text).not.toContain('cold');
    expect(text.split('?')).toHaveLength(params.length + 1);
    const update = compileUpdate({ $set: { 'a.b': evil }, $unset: { c: true }, $inc: { n: 1 } });
    expect(update?.text).not.toMatch(/a\.b|"1"/);
    expect(update?.text.split('?')).toHaveLength((update?.params.length ?? 0) + 1);
  });

  it('is the same for lists of any length, so that the cache of statements stays small', () => {
    const shape = (list: string[]): string => compileFind('assets', { query: { state: { $in: list } } }, columns).text;
    expect(shape(['a', 'b'])).toBe(shape(Array.from({ length: 5_000 }, String)));
  });

  it('asks the column where the value has its type, and the document where not', () => {
    expect(compileQuery({ state: 'x' }, columns)).toEqual({ text: '"state" = ?', params: ['x'] });
    expect(compileQuery({ state: 1 }, columns).text).toContain('json_each(doc');
  });
});
