import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { openSqliteSearch } from './open.ts';
import { Thread } from './thread.ts';

const root = await mkdtemp(join(tmpdir(), 'vitrail-search-thread-'));
afterAll(() => rm(root, { recursive: true, force: true }));

/** Resolves when the file is closed: SQLite removes its write-ahead log then. */
async function rested(): Promise<void> {
  while (existsSync(join(root, 'rests.sqlite-wal'))) await setImmediate();
}

describe('the thread of the index', () => {
  it('is started again by the next question when it has ended', async () => {
    const thread = new Thread(join(root, 'ended.sqlite'), 0);
    await thread.ask('configure', [{ name: 'title', kind: 'text' }]);
    await thread.ask('put', [{ id: 'a', rev: 1, fields: { title: 'red' } }]);
    const work = Array.from({ length: 20_000 }, (_, i) => ({ id: `d${i}`, rev: 1, fields: { title: `number${i}` } }));
    const waiting = thread.ask('put', work);
    const ended = thread.end();
    await expect(waiting).rejects.toThrow(/stopped.*opens it again/);
    await ended;
    expect((await thread.ask('find', { q: 'red', limit: 1 })).ids).toEqual(['a']);
    await thread.ask('close');
    await thread.end();
  });

  it('rests when nobody asks, and answers the next question as if it had not', async () => {
    const index = await openSqliteSearch({ file: join(root, 'rests.sqlite'), restMs: 20 });
    await index.configure([{ name: 'title', kind: 'text' }]);
    await index.put([{ id: 'a', rev: 1, fields: { title: 'red barn' } }]);
    await rested();
    await index.put([{ id: 'b', rev: 1, fields: { title: 'red mill' } }]);
    await rested();
    expect((await index.find({ q: 'red', limit: 5 })).ids.toSorted()).toEqual(['a', 'b']);
    await index.put([{ id: 'c', rev: 1, fields: { title: 'red boat' } }]);
    await index.remove([{ id: 'a', rev: 2 }]);
    expect((await index.find({ q: 'red', limit: 5 })).ids.toSorted()).toEqual(['b', 'c']);
    await rested();
    await index.close();
    await expect(index.count()).rejects.toThrow(/closed/);
  });

  it('tells errors with their code', async () => {
    const thread = new Thread(':memory:', 0);
    await expect(thread.ask('find', { limit: 0 })).rejects.toMatchObject({ name: 'SearchError', code: 'search.query-invalid' });
    await expect(thread.ask('put', [{ id: 'a', rev: 1, fields: { bad: (() => 1) as never } }])).rejects.toThrow(/cloned/);
    await thread.end();
  });

  it('does not keep a process alive that has nothing to ask', async () => {
    const script = join(root, 'idle.ts');
    await writeFile(
      script,
      `import { openSqliteSearch } from ${JSON.stringify(join(import.meta.dirname, 'open.ts'))};
       const index = await openSqliteSearch({ file: ${JSON.stringify(join(root, 'idle.sqlite'))} });
       process.send?.(await index.count());
       process.disconnect?.();`,
    );
    const child = fork(script, { execArgv: [] });
    const [[count], [code]] = (await Promise.all([once(child, 'message'), once(child, 'exit')])) as [number[], number[]];
    expect([count, code]).toEqual([0, 0]);
  });

  it('says why an index cannot be opened', async () => {
    const file = join(root, 'text.sqlite');
    await writeFile(file, 'this is no database at all'.repeat(100));
    await expect(openSqliteSearch({ file })).rejects.toThrow(/file is not a database: .*text\.sqlite cannot be opened/);
  });
});
