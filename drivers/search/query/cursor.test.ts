import type { SearchQuery } from '../port.ts';
import { readCursor, writeCursor } from './cursor.ts';

const query: SearchQuery = { q: 'barn', filters: [{ field: 'width', gte: 1 }], limit: 10 };
const cursor = { keys: [0.1 + 0.2, null, 'é'], id: 'a', meanings: ['~barn|bark'], weights: [1.25] };
const invalid = expect.objectContaining({ code: 'search.cursor-invalid' }) as Error;

describe('cursors', () => {
  it('come back as they were, whatever the limit and the facets', () => {
    expect(readCursor({ ...query, limit: 20, facets: ['type'], cursor: writeCursor(query, cursor) })).toEqual(cursor);
  });

  it('are of one query', () => {
    const written = writeCursor(query, cursor);
    for (const other of [
      { q: 'mill' },
      { filters: [] },
      { sort: { field: 'width', descending: true } },
      { colors: { field: 'x', near: [] } },
    ]) {
      expect(() => readCursor({ ...query, ...other, cursor: written })).toThrow(invalid);
    }
  });

  it('cannot be changed', () => {
    const written = writeCursor(query, cursor);
    const parsed = JSON.parse(Buffer.from(written, 'base64url').toString()) as unknown[];
    for (const i of parsed.keys()) {
      const forged = Buffer.from(JSON.stringify(parsed.with(i, 'x'))).toString('base64url');
      expect(() => readCursor({ ...query, cursor: forged })).toThrow(invalid);
    }
    for (const odd of ['', 'zzz', 'bnVsbA', 'e30', `${written}=`, ` ${written}`, '💥'])
      expect(() => readCursor({ ...query, cursor: odd })).toThrow(invalid);
  });

  it('fit into an address even at their longest', () => {
    const word = 'abcdefghijklmnopqrstuvwxyz';
    const long = {
      keys: ['k'.repeat(200)],
      id: 'i'.repeat(26),
      meanings: [...Array<string>(4).fill(`~${Array(5).fill(word).join('|')}`), 'word '.repeat(60)],
      weights: Array<number>(32).fill(10.25),
    };
    expect(writeCursor(query, long).length).toBeLessThan(2000);
  });
});
