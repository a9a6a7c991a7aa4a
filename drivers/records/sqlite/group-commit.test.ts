import Database from 'better-sqlite3';
import { groupCommit, type GroupCommit } from './group-commit.ts';

let ran: string[];
let db: Database.Database;
beforeEach(() => {
  ran = [];
  db = new Database(':memory:', { verbose: (text) => ran.push(String(text)) });
  db.exec('CREATE TABLE t (n INTEGER UNIQUE, owner INTEGER REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED)');
});
afterEach(() => db.close());

const put = (n: number, owner: number | null = null): unknown => db.prepare('INSERT INTO t VALUES (?, ?)').run(n, owner);
const all = (): unknown[] => db.prepare('SELECT n FROM t ORDER BY n').pluck().all();
const commits = (): number => ran.filter((text) => text === 'COMMIT').length;
const states = async (promises: Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(promises)).map(({ status }) => status);

/** Runs a write to its end and answers how often the event loop went round meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let [turns, done] = [0, false];
  const count = (): void => {
    turns += 1;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  await work();
  done = true;
  return turns;
}

function* slices(from: number, to: number, failAt = Number.NaN): Generator<undefined, number> {
  for (let n = from; n < to; n += 1) {
    if (n > from) yield;
    put(n);
    if (n === failAt) throw new Error('failed');
  }
  return to - from;
}

describe('group commit', () => {
  it('takes the writes of one turn into one transaction', async () => {
    const { write } = groupCommit(db, 60_000);
    await Promise.all(Array.from({ length: 100 }, (_, n) => write(() => put(n))));
    expect(commits()).toBe(1);
    expect(all()).toHaveLength(100);
  });

  it('resolves only after the commit', async () => {
    const { write } = groupCommit(db, 60_000);
    await write(() => put(1));
    expect(ran.at(-1)).toBe('COMMIT');
    expect(db.inTransaction).toBe(false);
  });

  it('undoes all of a failed write and nothing of the others', async () => {
    const { write } = groupCommit(db, 60_000);
    const half = (): unknown => [put(7), put(1)];
    expect(await states([write(() => put(1)), write(half), write(() => put(2))])).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(all()).toEqual([1, 2]);
    expect(commits()).toBe(1);
  });

  it('lets reads see the writes issued before them, and not those after', async () => {
    const { read, write } = groupCommit(db, 60_000);
    const [, seen] = await Promise.all([write(() => put(1)), read(all), write(() => put(2))]);
    expect(seen).toEqual([1]);
    expect(await read(all)).toEqual([1, 2]);
  });

  it('gives the event loop its turn when the time of a transaction is up', async () => {
    const { write } = groupCommit(db, 0);
    const turns = await turnsDuring(() => Promise.all([1, 2, 3, 4].map((n) => write(() => put(n)))));
    expect(commits()).toBe(4);
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it('spreads sliced work over transactions, with what waits behind it in order', async () => {
    const { read, write, writeSliced } = groupCommit(db, 0);
    const work = [writeSliced(() => slices(0, 5)), write(() => put(9)), read(all)];
    expect(await turnsDuring(() => Promise.all(work))).toBeGreaterThanOrEqual(6);
    expect(await Promise.all(work)).toEqual([5, { changes: 1, lastInsertRowid: 6 }, [0, 1, 2, 3, 4, 9]]);
  });

  it('does several slices in one transaction while there is time', async () => {
    expect(await groupCommit(db, 60_000).writeSliced(() => slices(0, 50))).toBe(50);
    expect(commits()).toBe(1);
  });

  it('keeps the slices before one that fails, as MongoDB keeps the records before', async () => {
    const { write, writeSliced } = groupCommit(db, 0);
    expect(await states([writeSliced(() => slices(0, 5, 2)), write(() => put(9))])).toEqual(['rejected', 'fulfilled']);
    expect(all()).toEqual([0, 1, 9]);
  });

  it('fails all of a transaction that cannot be committed, and goes on', async () => {
    const { write } = groupCommit(db, 60_000);
    db.pragma('foreign_keys = ON');
    expect(await states([write(() => put(1)), write(() => put(2, 99))])).toEqual(['rejected', 'rejected']);
    expect(all()).toEqual([]);
    expect(await states([write(() => put(3))])).toEqual(['fulfilled']);
  });

  it('fails all that waits when no transaction can begin, and goes on', async () => {
    const { write } = groupCommit(db, 60_000);
    const failing = [write(() => put(1)), write(() => put(1))];
    db.exec('BEGIN');
    expect(await states(failing)).toEqual(['rejected', 'rejected']);
    expect(await states([write(() => put(2))])).toEqual(['fulfilled']);
    expect(all()).toEqual([2]);
  });

  it('goes on when a write has ended its transaction, as a full disk does', async () => {
    const { write } = groupCommit(db, 60_000);
    const full = (): never => {
      db.exec('ROLLBACK');
      throw new Error('disk full');
    };
    const [first, second, third] = await Promise.allSettled([write(() => put(1)), write(full), write(() => put(2))]);
    expect([first, second]).toEqual(Array(2).fill({ status: 'rejected', reason: new Error('disk full') }));
    expect(third.status).toBe('fulfilled');
    expect(all()).toEqual([2]);
  });

  it('finishes what waits before it is closed, however often that is asked', async () => {
    const group: GroupCommit = groupCommit(db, 0);
    const waiting = [1, 2, 3].map((n) => group.write(() => put(n)));
    await Promise.all([group.close(), group.close()]);
    expect(all()).toEqual([1, 2, 3]);
    await Promise.all(waiting);
    await expect(group.write(() => put(4))).rejects.toMatchObject({ code: 'records.closed' });
    await expect(group.read(all)).rejects.toMatchObject({ code: 'records.closed' });
  });
});
