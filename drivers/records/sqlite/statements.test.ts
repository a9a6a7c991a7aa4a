import Database from 'better-sqlite3';
import { statementCache } from './statements.ts';

describe('the cache of statements', () => {
  it('keeps those used last, up to its limit', () => {
    const db = new Database(':memory:');
    const prepare = statementCache(db, 2);
    const first = prepare('SELECT 1');
    const second = prepare('SELECT 2');
    expect(prepare('SELECT 1')).toBe(first);
    prepare('SELECT 3');
    expect(prepare('SELECT 1')).toBe(first);
    expect(prepare('SELECT 2')).not.toBe(second);
    db.close();
  });
});
