import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openSqliteRecords } from './open.ts';

const writer = fileURLToPath(new URL('crash-writer.ts', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-records-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Lets a child write until it has acknowledged so many things, kills it, and answers all that it had acknowledged. */
async function writeAndKill(file: string, run: number, after: number): Promise<string[]> {
  const child = spawn(process.execPath, [writer, file, String(run)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === after) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return acknowledged;
}

describe('records under kill -9', () => {
  it('has every write that was acknowledged, killed at random moments', async () => {
    const file = join(folder, 'records.db');
    const acknowledged: string[] = [];
    for (let run = 0; run < 5; run += 1)
      acknowledged.push(...(await writeAndKill(file, run, 1 + Math.floor(Math.random() * 400))));

    const store = await openSqliteRecords({ file });
    const records = store.collection<{ id: string; rev: number }>({ name: 'ledger', hot: { rev: 'number' }, indexes: [['rev']] });
    const revs = new Map((await records.find()).map(({ id, rev }) => [id, rev]));
    const lost = acknowledged.filter((line) => {
      const [what, id = ''] = line.split(' ');
      return (revs.get(id) ?? -1) < (what === 'updated' ? 1 : 0);
    });
    expect(acknowledged.length).toBeGreaterThanOrEqual(5);
    expect(lost).toEqual([]);
    expect(await records.count({ query: { rev: { $gte: 0 } } })).toBe(revs.size);
    await store.close();
  });
});
