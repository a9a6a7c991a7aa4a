import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockHeldError, lockFile } from './sqlite.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-lock-'));
  file = join(folder, 'lock.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

/** A process of its own that holds the lock until it is killed. */
async function holder() {
  const script = `
    const { lockFile } = await import(${JSON.stringify(join(import.meta.dirname, 'sqlite.ts'))});
    lockFile({ file: ${JSON.stringify(file)} });
    process.stdout.write('held');
    setInterval(() => {}, 60_000);`;
  const child = spawn('node', ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the holder ended early'))),
  ]);
  return child;
}

describe('the lock on a file', () => {
  it('is refused while another process holds it, and free once that one is killed', async () => {
    const child = await holder();
    try {
      expect(() => lockFile({ file })).toThrow(LockHeldError);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    lockFile({ file }).release();
  });

  it('is refused to the same process too, until released', () => {
    const first = lockFile({ file });
    expect(() => lockFile({ file })).toThrow(LockHeldError);
    first.release();
    lockFile({ file }).release();
  });

  it('tells a file that is no lock at all from one that is held', async () => {
    await writeFile(file, 'not a database, and long enough to be looked at: '.repeat(30));
    expect(() => lockFile({ file })).toThrow('not a database');
  });
});
