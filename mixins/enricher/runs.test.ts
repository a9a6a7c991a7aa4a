/** What becomes of a run that goes wrong, in real child processes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, openWorld, textOf, type World } from '../../test/fixtures/enricher-pool.ts';
import { until } from '../../test/fixtures/until.ts';
import type { RunOptions } from './pool.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ slots: 1, setupTimeoutMs: 1500 });
});
afterAll(() => world.close());

const run = async (enricher: string, config?: Record<string, unknown>, options: Partial<RunOptions> = {}) =>
  world.pool.run(world.job(enricher, await world.asset(), config), { timeoutMs: 20_000, ...options });

describe('what a plugin throws', () => {
  it('is told apart: the file, the circumstances, the plugin', async () => {
    await expect(run('throws', { kind: 'permanent' })).rejects.toMatchObject({
      reason: 'refused',
      message: 'This picture has no colour',
    });
    await expect(run('throws', { kind: 'transient' })).rejects.toMatchObject({ reason: 'transient' });
    await expect(run('throws', { kind: 'plain' })).rejects.toMatchObject({
      reason: 'failed',
      message: 'undefined is not a number, said …',
    });
  });

  it('outside its run ends the process, with the reason', async () => {
    await expect(run('throws', { kind: 'outside' })).rejects.toMatchObject({
      reason: 'crashed',
      message: expect.stringContaining('nobody waited for this'),
    });
  });

  it('in its setup is no fault of the file', async () => {
    const fresh = await openWorld({ slots: 1 });
    try {
      const job = fresh.job('throws', await fresh.asset(), { kind: 'setup' });
      await expect(fresh.pool.run(job, { timeoutMs: 20_000 })).rejects.toMatchObject({
        reason: 'failed',
        message: 'It could not be set up: the model is not there',
      });
    } finally {
      await fresh.close();
    }
  });
});

describe('a plugin that ends its process', () => {
  it.each([
    ['exits', { code: 7 }, 'exit code 7'],
    ['exits', { code: 0 }, 'exit code 0'],
    ['segfaults', { signal: 'SIGSEGV' }, 'SIGSEGV'],
    ['segfaults', { signal: 'SIGKILL' }, 'SIGKILL'],
  ])('%s %j: the run tells how, the next one goes on', async (enricher, config, how) => {
    await expect(run(enricher, config)).rejects.toMatchObject({ reason: 'crashed', message: expect.stringContaining(how) });
    await expect(run('echo')).resolves.toMatchObject({ outputs: { word: 'word' } });
  });

  it('concerns its own run only: those that wait go on in a fresh process', async () => {
    const [crashed, ...others] = await Promise.allSettled([run('exits'), run('echo'), run('echo-too')]);
    expect(crashed).toMatchObject({ status: 'rejected', reason: { reason: 'crashed' } });
    expect(others).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
  });
});

describe('a plugin that hangs', () => {
  it.each(['busy', 'never'])('%s: is killed at its timeout, and the next run has a fresh process', async (how) => {
    const marker = join(world.folder, `hangs-${how}`);
    await expect(run('hangs', { how, marker }, { timeoutMs: 300 })).rejects.toMatchObject({
      reason: 'timeout',
      message: 'It took longer than 0.3 s and was ended',
    });
    const pid = Number(await textOf(marker));
    const { outputs } = await run('echo');
    expect(outputs.pid).not.toBe(pid);
    await until('the process is gone', () => !isAlive(pid));
  });

  it('in its setup is killed too', async () => {
    const fresh = await openWorld({ slots: 1, setupTimeoutMs: 300 });
    try {
      const job = fresh.job('hangs', await fresh.asset(), { how: 'setup' });
      await expect(fresh.pool.run(job, { timeoutMs: 20_000 })).rejects.toMatchObject({
        reason: 'timeout',
        message: expect.stringContaining('setup'),
      });
    } finally {
      await fresh.close();
    }
  });

  it('does not take the time of those that wait for it', async () => {
    const hanging = run('hangs', { how: 'busy' }, { timeoutMs: 1500 }).catch(() => 'ended');
    await expect(run('echo', undefined, { timeoutMs: 1400 })).resolves.toMatchObject({ outputs: { word: 'word' } });
    expect(await hanging).toBe('ended');
  });
});

describe('what a run may store and give', () => {
  it('is nothing any more once it was told to let go', async () => {
    const marker = join(world.folder, 'lingers');
    await expect(run('lingers', { marker }, { timeoutMs: 300 })).rejects.toMatchObject({ reason: 'timeout' });
    expect(await textOf(marker)).toBe('refused');
    for await (const { key } of world.blobs.list('derived/')) expect(key).not.toContain('late.txt');
  });

  it('is what the manifest promises, and files that it stored', async () => {
    await expect(run('lies', { about: 'score' })).rejects.toMatchObject({
      reason: 'output-invalid',
      message: expect.stringContaining('score'),
    });
    await expect(run('lies', { about: 'file' })).rejects.toMatchObject({
      reason: 'output-invalid',
      message: expect.stringContaining('did not put'),
    });
  });

  it('lies below its asset, enricher and fingerprint', async () => {
    const asset = await world.asset();
    const { outputs } = await world.pool.run(world.job('echo', asset, { word: 'stored' }), { timeoutMs: 20_000 });
    const key = `derived/${asset.sha256}/echo/${'f'.repeat(64)}/hello.txt`;
    expect(outputs).toMatchObject({ file: { name: 'hello.txt', key, type: 'text/plain', bytes: 6 }, inputs: ['palette'] });
    expect(await world.blobs.stat(key)).toMatchObject({ bytes: 6 });
  });
});

describe('a child process', () => {
  it('has no secret of its parent', async () => {
    const { environment } = (await run('echo')).outputs as { environment: string[] };
    expect(environment).toContain('VITRAIL_DATA');
    expect(environment).toContain('PATH');
    expect(environment.filter((name) => /KEY|SECRET|NATS|NODE_OPTIONS/.test(name))).toEqual([]);
  });

  it('prints to the logger, and tells its progress', async () => {
    const shares: number[] = [];
    await run('echo', undefined, { onProgress: (share) => shares.push(share) });
    expect(shares).toEqual([0.5]);
    expect(world.logged).toContainEqual({ level: 'debug', text: expect.stringContaining('originals') });
  });

  it('leaves it to its parent when to end', async () => {
    const go = join(world.folder, 'go');
    const asset = await world.asset();
    const slow = world.pool.run(world.job('slow', asset, { folder: world.folder }), { timeoutMs: 20_000 });
    const pid = Number(await textOf(join(world.folder, `${asset.id}.started`)));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    writeFileSync(go, '');
    await expect(slow).resolves.toMatchObject({ outputs: { pid } });
  });

  it.each(['busy', 'never'])('does not outlive a parent that was killed: %s', async (how) => {
    const marker = join(world.folder, `orphan-${how}`);
    const job = world.job('hangs', await world.asset(), { how, marker });
    const { NODE_OPTIONS: _, ...env } = world.env;
    const script = join(import.meta.dirname, '../../test/fixtures/pool-parent.ts');
    const parent = spawn(process.execPath, [script, JSON.stringify(job)], { env, stdio: 'inherit' });
    const pid = Number(await textOf(marker));
    expect(isAlive(pid)).toBe(true);
    try {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      await until('the process is gone', () => !isAlive(pid));
    } finally {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
  });
});
