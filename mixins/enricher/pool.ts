import { setTimeout as delay } from 'node:timers/promises';
import type { BlobKeys } from '../../config/index.ts';
import type { EnrichResult } from '../../services/contracts/enricher.ts';
import { childEnv } from './child-env.ts';
import { type Child, type Logger, NotStarted, startChild } from './child-process.ts';
import { RunError } from './failure.ts';
import { type Answer, hotAssets, type Job } from './job.ts';

export interface PoolOptions {
  /** Child processes at most; each runs one enricher at a time. */
  slots: number;
  /** The parent's environment; children get an allow-list of it. */
  env: NodeJS.ProcessEnv;
  /** Of the store of bytes, where that wants any: children are told them. */
  keys?: BlobKeys | undefined;
  logger: Logger;
  /** A child is replaced after so many runs. Default 500. */
  maxRunsPerChild?: number | undefined;
  /** A child that holds more bytes after a run is replaced. Default 1 GiB. */
  maxRssPerChild?: number | undefined;
  /** A child without work ends after so many ms, so that a resting server is small. Default 60,000. */
  idleMs?: number | undefined;
  /** For loading a plugin and its `setup`, in ms. Default 120,000. */
  setupTimeoutMs?: number | undefined;
}

export interface RunOptions {
  /** Counted in the child from the start of the run, not while it waits. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Share done, 0–1, a few times a second. */
  onProgress?: ((share: number) => void) | undefined;
}

export interface EnricherPool {
  /** @throws RunError, which says why there is no result. */
  run(job: Job, options: RunOptions): Promise<EnrichResult>;
  /** Takes no more runs, lets go of those that wait, gives those that run `graceMs`; resolves when every child has gone. */
  stop(graceMs: number): Promise<void>;
}

interface Waiting {
  job: Job;
  options: RunOptions;
  settled: PromiseWithResolvers<EnrichResult>;
  /** How often a child died before it began with it. */
  misses: number;
}

interface Slot {
  child: Child | null;
  /** The asset in work. */
  busy: string | null;
  /** Assets that are decoded in the child, by sha256; the one used last comes first. */
  hot: string[];
  runs: number;
  idle?: NodeJS.Timeout;
}

const stopping = (): RunError => new RunError('transient', 'The server stops');
const maxMisses = 3;

/** Runs enrichers in child processes. An asset stays with the slot where it is decoded; one that is new goes to whoever is free. */
export function openEnricherPool(options: PoolOptions): EnricherPool {
  const { maxRunsPerChild = 500, maxRssPerChild = 2 ** 30, idleMs = 60_000, setupTimeoutMs = 120_000, logger } = options;
  const env = childEnv(options.env);
  const slots: Slot[] = Array.from({ length: options.slots }, () => ({ child: null, busy: null, hot: [], runs: 0 }));
  let waiting: Waiting[] = [];
  const running = new Set<Promise<void>>();
  const ending = new Set<Promise<void>>();
  const stop = new AbortController();
  let stopped = false;

  /** A run whose asset is hot here goes first; then the oldest whose asset no other slot holds. */
  function next(slot: Slot): Waiting | undefined {
    const here = waiting.find(({ job }) => slot.hot.includes(job.asset.sha256));
    if (here) return here;
    const elsewhere = new Set(slots.flatMap((other) => (other === slot ? [] : [...other.hot, other.busy])));
    return waiting.find(({ job }) => !elsewhere.has(job.asset.sha256));
  }

  function release(slot: Slot): void {
    clearTimeout(slot.idle);
    const { child } = slot;
    Object.assign(slot, { child: null, hot: [], runs: 0 });
    if (!child) return;
    const end = child.end().finally(() => ending.delete(end));
    ending.add(end);
  }

  async function childOf(slot: Slot): Promise<Child> {
    if (slot.child && !slot.child.usable()) release(slot);
    return (slot.child ??= await startChild({ env, keys: options.keys ?? {}, logger }));
  }

  async function attempt(slot: Slot, { job, options: { signal, ...rest } }: Waiting): Promise<Answer> {
    const child = await childOf(slot);
    slot.hot = [job.asset.sha256, ...slot.hot.filter((sha256) => sha256 !== job.asset.sha256)].slice(0, hotAssets);
    slot.runs++;
    return child.run(job, { ...rest, setupTimeoutMs, signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal });
  }

  async function work(slot: Slot, item: Waiting): Promise<void> {
    try {
      const answer = await attempt(slot, item);
      if ('failure' in answer) item.settled.reject(new RunError(answer.failure.reason, answer.failure.message));
      else item.settled.resolve({ outputs: answer.outputs, durationMs: answer.durationMs });
      if (slot.runs >= maxRunsPerChild || answer.rss > maxRssPerChild) {
        logger.debug('A process for enrichers is replaced', { pid: slot.child?.pid, runs: slot.runs, rss: answer.rss });
        release(slot);
      }
    } catch (error) {
      if (error instanceof NotStarted && ++item.misses < maxMisses && !stopped) waiting.unshift(item);
      else if (error instanceof NotStarted) item.settled.reject(new RunError('transient', error.message));
      else item.settled.reject(error);
      // A child that has gone took its decoded assets along.
      if (!slot.child?.usable()) release(slot);
    }
  }

  function begin(slot: Slot, item: Waiting): void {
    clearTimeout(slot.idle);
    waiting = waiting.filter((other) => other !== item);
    slot.busy = item.job.asset.sha256;
    const done = work(slot, item).finally(() => {
      running.delete(done);
      slot.busy = null;
      slot.idle = setTimeout(release, idleMs, slot).unref();
      dispatch();
    });
    running.add(done);
  }

  function dispatch(): void {
    if (stopped) return;
    // One that has a child goes first, so that no more are started than are needed.
    for (const slot of slots
      .filter(({ busy }) => busy === null)
      .sort((a, b) => Number(b.child !== null) - Number(a.child !== null))) {
      const item = next(slot);
      if (item) begin(slot, item);
    }
  }

  return {
    run(job, runOptions) {
      const settled = Promise.withResolvers<EnrichResult>();
      if (stopped) return Promise.reject(stopping());
      const item: Waiting = { job, options: runOptions, settled, misses: 0 };
      waiting.push(item);
      const leave = (): void => {
        if (!waiting.includes(item)) return;
        waiting = waiting.filter((other) => other !== item);
        settled.reject(new RunError('transient', 'The run was given up before it began'));
      };
      runOptions.signal?.addEventListener('abort', leave, { once: true });
      if (runOptions.signal?.aborted) leave();
      dispatch();
      return settled.promise.finally(() => runOptions.signal?.removeEventListener('abort', leave));
    },
    async stop(graceMs) {
      stopped = true;
      for (const { settled } of waiting.splice(0)) settled.reject(stopping());
      const grace = new AbortController();
      await Promise.race([Promise.all(running), delay(graceMs, undefined, { signal: grace.signal }).catch(() => undefined)]);
      grace.abort();
      stop.abort('The server stops');
      await Promise.all(running);
      slots.forEach(release);
      await Promise.all(ending);
    },
  };
}
