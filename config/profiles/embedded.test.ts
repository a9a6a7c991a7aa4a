import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ConfigError, loadConfig } from '../index.ts';
import { joinBlobs, openPorts } from './index.ts';

let data: string;
beforeEach(async () => {
  data = join(await mkdtemp(join(tmpdir(), 'vitrail-embedded-')), 'made', 'at-first-start');
});
afterEach(() => rm(join(data, '..', '..'), { recursive: true }));

const configured = () => loadConfig({ VITRAIL_DATA: data });

/** A process of its own that has the data folder open until it is killed. */
async function tenant() {
  const script = `
    const { loadConfig } = await import(${JSON.stringify(join(import.meta.dirname, '..', 'index.ts'))});
    const { openPorts } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))});
    await openPorts(loadConfig({ VITRAIL_DATA: ${JSON.stringify(data)} }));
    process.stdout.write('open');
    setInterval(() => {}, 60_000);`;
  const child = spawn('node', ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => Promise.reject(new Error('it ended early')))]);
  return child;
}

describe('the embedded profile', () => {
  it('makes the data folder and keeps what the ports are given', async () => {
    const first = await openPorts(configured());
    await first.blobs.put('originals/a', Buffer.from('glass'));
    await first.channel.publish([{ lane: 'interactive', key: 'a', body: {} }]);
    await first[Symbol.asyncDispose]();

    await using again = await openPorts(configured());
    expect(String(await buffer(await again.blobs.read('originals/a')))).toBe('glass');
    expect((await again.channel.stats()).interactive.waiting).toBe(1);
    expect(await again.search.count()).toBe(0);
  });

  it('refuses a folder that another process uses, and takes it once that one is killed', async () => {
    const child = await tenant();
    try {
      await expect(openPorts(configured())).rejects.toThrow(
        new ConfigError(
          `another Vitrail is using the data folder ${data}: stop that one, or set VITRAIL_DATA to another folder.`,
        ),
      );
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await (await openPorts(configured()))[Symbol.asyncDispose]();
  });

  it('closes what was open, and lets go of the folder, where the last cannot be opened', async () => {
    await mkdir(join(data, 'channel.sqlite'), { recursive: true });
    await expect(openPorts(configured())).rejects.toThrow();
    await rm(join(data, 'channel.sqlite'), { recursive: true });
    await (await openPorts(configured()))[Symbol.asyncDispose]();
  });

  it('names the folder where it cannot be one', async () => {
    await mkdir(join(data, '..'), { recursive: true });
    await writeFile(data, 'a file');
    await expect(openPorts(configured())).rejects.toThrow(/^the data folder .*at-first-start cannot be used .*VITRAIL_DATA\.$/);
  });

  it('gives child processes the blobs beside the process that holds the ports', async () => {
    await using held = await openPorts(configured());
    const beside = await joinBlobs(configured());
    await beside.put('originals/b', Buffer.from('lead'));
    await beside.close();
    expect(String(await buffer(await held.blobs.read('originals/b')))).toBe('lead');
  });
});
