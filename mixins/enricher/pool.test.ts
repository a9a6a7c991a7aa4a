/** Which run goes to which child process, and when children come and go. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnricherAsset } from '../../plugins/sdk/enricher.ts';
import { isAlive, openWorld, textOf, type World } from '../../test/fixtures/enricher-pool.ts';
import { until } from '../../test/fixtures/until.ts';
import type { PoolOptions } from './pool.ts';

const worlds: World[] = [];
async function open(options: Partial<PoolOptions> = {}): Promise<World> {
  const world = await openWorld(options);
  worlds.push(world);
  return world;
}
afterEach(() => Promise.all(worlds.splice(0).map((world) => world.close())));

interface Echo {
  pid: number;
  decoded: boolean;
  setups: number;
}
const echo = async (world: World, asset: EnricherAsset, enricher = 'echo'): Promise<Echo> =>
  (await world.pool.run(world.job(enricher, asset, { word: 'w' }), { timeoutMs: 20_000 })).outputs as unknown as Echo;

/** A run that goes on until `go`, and where it tells that it has begun. */
function slow(world: World, asset: EnricherAsset, signal?: AbortSignal) {
  const folder = join(world.folder, 'slow');
  mkdirSync(folder, { recursive: true });
  const done = world.pool.run(world.job('slow', asset, { folder }), { timeoutMs: 30_000, signal });
  done.catch(() => undefined);
  const started = join(folder, `${asset.id}.started`);
  return {
    done,
    begun: async () => Number(await textOf(started)),
    hasBegun: () => existsSync(started),
    go: () => writeFileSync(join(folder, 'go'), ''),
  };
}

describe('an asset', () => {
  it('is decoded once for all its enrichers, one after another or at once', async () => {
    const world = await open({ slots: 3 });
    const assets = await Promise.all([world.asset(), world.asset(), world.asset()]);
    const first = await Promise.all(assets.flatMap((asset) => [echo(world, asset), echo(world, asset, 'echo-too')]));
    const again = await Promise.all(assets.map((asset) => echo(world, asset)));
    expect(first.filter(({ decoded }) => decoded)).toHaveLength(3);
    expect(again.filter(({ decoded }) => decoded)).toHaveLength(0);
    expect(new Set(first.map(({ pid }) => pid)).size).toBeGreaterThan(1);
  });

  it('stays decoded while one other is worked on, not longer', async () => {
    const world = await open({ slots: 1 });
    const [a, b, c] = [await world.asset(), await world.asset(), await world.asset()];
    const decoded: boolean[] = [];
    for (const asset of [a, b, a, c, a, b]) decoded.push((await echo(world, asset)).decoded);
    expect(decoded).toEqual([true, true, false, true, false, true]);
  });

  it('that is decoded goes before those that are not', async () => {
    const world = await open({ slots: 1 });
    const [held, other] = [await world.asset(), await world.asset()];
    const order: string[] = [];
    const work = slow(world, held);
    await work.begun();
    const later = [echo(world, other).then(() => order.push('other')), echo(world, held).then(() => order.push('held'))];
    work.go();
    await Promise.all(later);
    expect(order).toEqual(['held', 'other']);
  });
});

describe('a slot', () => {
  it('takes one run at a time, and a new asset goes to a free one', async () => {
    const world = await open({ slots: 2 });
    const runs = [slow(world, await world.asset()), slow(world, await world.asset()), slow(world, await world.asset())] as const;
    const [one, other] = [await runs[0].begun(), await runs[1].begun()];
    expect(one).not.toBe(other);
    expect(runs[2].hasBegun()).toBe(false);
    runs[0].go();
    const { outputs } = await runs[2].done;
    expect([one, other]).toContain(outputs.pid);
  });

  it('starts no second process while the first is free', async () => {
    const world = await open({ slots: 4 });
    const pids = new Set<number>();
    for (let i = 0; i < 4; i++) pids.add((await echo(world, await world.asset())).pid);
    expect(pids.size).toBe(1);
  });

  it('sets a plugin up once', async () => {
    const world = await open({ slots: 1 });
    await echo(world, await world.asset());
    expect((await echo(world, await world.asset())).setups).toBe(1);
  });

  it('has a fresh process after so many runs', async () => {
    const world = await open({ slots: 1, maxRunsPerChild: 2 });
    const pids: number[] = [];
    for (let i = 0; i < 4; i++) pids.push((await echo(world, await world.asset())).pid);
    const [a, b, c, d] = pids;
    expect([a === b, b === c, c === d]).toEqual([true, false, true]);
    await until('the first process is gone', () => !isAlive(a ?? 0));
  });

  it('has a fresh process when the old one has grown too large', async () => {
    const world = await open({ slots: 1, maxRssPerChild: 1 });
    const asset = await world.asset();
    expect((await echo(world, asset)).pid).not.toBe((await echo(world, asset)).pid);
  });

  it('has no process when there was nothing to do for long, and a new one when there is', async () => {
    const world = await open({ slots: 1, idleMs: 50 });
    const { pid } = await echo(world, await world.asset());
    await until('the process is gone', () => !isAlive(pid));
    expect((await echo(world, await world.asset())).pid).not.toBe(pid);
  });

  it('is not harmed by the death of a process that has nothing to do', async () => {
    const world = await open({ slots: 1 });
    const asset = await world.asset();
    const { pid } = await echo(world, asset);
    process.kill(pid, 'SIGKILL');
    expect(await echo(world, asset)).toMatchObject({ decoded: true });
  });
});

describe('giving up', () => {
  it('a run that waits leaves the queue', async () => {
    const world = await open({ slots: 1 });
    const first = slow(world, await world.asset());
    await first.begun();
    const controller = new AbortController();
    const second = slow(world, await world.asset(), controller.signal);
    controller.abort();
    await expect(second.done).rejects.toMatchObject({ reason: 'transient' });
    first.go();
    await first.done;
    expect(second.hasBegun()).toBe(false);
  });

  it('a run that has begun is told, and its process is not used again', async () => {
    const world = await open({ slots: 1 });
    const controller = new AbortController();
    const asset = await world.asset();
    const work = slow(world, asset, controller.signal);
    const pid = await work.begun();
    controller.abort(new Error('no longer wanted'));
    await expect(work.done).rejects.toMatchObject({ reason: 'transient', message: 'no longer wanted' });
    expect((await echo(world, asset)).pid).not.toBe(pid);
    await until('the process is gone', () => !isAlive(pid));
  });
});

describe('a stop', () => {
  it('lets what runs come to its end, refuses what waits and what comes, and leaves no process', async () => {
    const world = await open({ slots: 1 });
    const running = slow(world, await world.asset());
    const pid = await running.begun();
    const waiting = slow(world, await world.asset());
    const stopped = world.pool.stop(20_000);
    await expect(waiting.done).rejects.toMatchObject({ reason: 'transient', message: 'The server stops' });
    await expect(slow(world, await world.asset()).done).rejects.toMatchObject({ reason: 'transient' });
    running.go();
    await expect(running.done).resolves.toMatchObject({ outputs: { pid } });
    await stopped;
    expect(isAlive(pid)).toBe(false);
  });

  it('ends what does not come to its end within the grace', async () => {
    const world = await open({ slots: 1 });
    const marker = join(world.folder, 'marker');
    const hanging = world.pool.run(world.job('hangs', await world.asset(), { marker }), { timeoutMs: 60_000 });
    hanging.catch(() => undefined);
    const pid = Number(await textOf(marker));
    await world.pool.stop(10);
    await expect(hanging).rejects.toMatchObject({ reason: 'transient', message: 'The server stops' });
    expect(isAlive(pid)).toBe(false);
  });

  it('of a pool that never had work is nothing', async () => {
    await (await open()).pool.stop(60_000);
  });
});

it('says so when processes cannot start', async () => {
  const world = await open({ slots: 1, env: { ...process.env, VITRAIL_MAX_PIXELS: 'no number' } });
  await expect(echo(world, await world.asset())).rejects.toMatchObject({
    reason: 'transient',
    message: expect.stringContaining('does not start'),
  });
  expect(world.logged.map(({ text }) => text).join()).toContain('VITRAIL_MAX_PIXELS');
});
