import Database from 'better-sqlite3';
import { Batches } from './batches.ts';

function table() {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE t (x INTEGER UNIQUE)');
  const insert = db.prepare('INSERT INTO t VALUES (?)');
  const applied: number[] = [];
  const batches = new Batches(db);
  const add = (x: number): Promise<void> =>
    batches.add(() => {
      insert.run(x);
      return () => applied.push(x);
    });
  return { db, batches, applied, add, all: () => db.prepare('SELECT x FROM t ORDER BY rowid').pluck().all() };
}

describe('batches of writes', () => {
  it('joins what comes at once in one transaction, in order', async () => {
    const { db, batches, add, applied, all } = table();
    let transactions = 0;
    db.function('committed', () => ++transactions);
    db.exec('CREATE TRIGGER first AFTER INSERT ON t WHEN NEW.x % 100 = 0 BEGIN SELECT committed(); END');
    const inTransaction: boolean[] = [];
    const watched = batches.add(() => {
      inTransaction.push(db.inTransaction);
      return () => inTransaction.push(db.inTransaction);
    });
    await Promise.all([watched, ...Array.from({ length: 300 }, (_, i) => add(i))]);
    expect(inTransaction).toEqual([true, false]);
    expect(applied).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(all()).toEqual(applied);
  });

  it('does not let one write that fails take others with it, nor show it', async () => {
    const { add, applied, all } = table();
    const outcomes = await Promise.allSettled([add(1), add(2), add(1), add(3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(applied).toEqual([1, 2, 3]);
    expect(all()).toEqual([1, 2, 3]);
  });

  it('goes on after a failure', async () => {
    const { add, applied } = table();
    await add(1);
    await expect(add(1)).rejects.toThrow(/UNIQUE/);
    await add(2);
    expect(applied).toEqual([1, 2]);
  });

  it('writes what waits when flushed', async () => {
    const { batches, add, all } = table();
    const waiting = [add(1), add(2)];
    batches.flush();
    expect(all()).toEqual([1, 2]);
    await Promise.all(waiting);
  });
});
