import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pool as openPool } from 'workerpool';
import type { BlobKeys } from '../../config/index.ts';
import { endInWords, inShort, RunError } from './failure.ts';
import type { Answer, Job, Told } from './job.ts';

/** Where lines from a child process go: the broker's logger. */
export interface Logger {
  debug(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

export interface Limits {
  /** From the start of `enrich` on. */
  timeoutMs: number;
  /** For loading the plugin and its `setup`, where that is still to be done. */
  setupTimeoutMs: number;
  /** Why the run is to be given up. */
  signal?: AbortSignal | undefined;
  onProgress?: ((share: number) => void) | undefined;
}

/** A child process that takes one job at a time. */
export interface Child {
  readonly pid: number;
  /** Not after its death, nor after a run that was given up: what that left behind is unknown. */
  usable(): boolean;
  /** @throws RunError, or NotStarted where the child died before it began. */
  run(job: Job, limits: Limits): Promise<Answer>;
  /** Ends it, by force where it does not go by itself, and resolves when it has gone. For a child that has no job. */
  end(): Promise<void>;
}

/** The child could not take the job, through no fault of the job's. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
}

const entry = fileURLToPath(new URL('./child.ts', import.meta.url));
const bootMs = 30_000;
/** Between the request to let go, so that a plugin can end programs it has started, and the end by force. */
const letGoMs = 250;
const endMs = 1000;
/** In which a child that is up says that it has begun. */
const beginMs = 10_000;
/** Of the two streams together, per run. */
const maxLoggedChars = 16_384;

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Passes on what a plugin prints, up to a limit. */
function streamLogger(logger: Logger, meta: object): (level: 'debug' | 'warn', text: string) => void {
  let left = maxLoggedChars;
  return (level, text) => {
    if (left <= 0) return;
    logger[level](text.slice(0, left).trimEnd(), meta);
    left -= text.length;
    if (left <= 0) logger.warn('It prints too much: the rest of this run is not logged', meta);
  };
}

export interface ChildOptions {
  env: NodeJS.ProcessEnv;
  keys: BlobKeys;
  logger: Logger;
}

/**
 * Starts a child. One workerpool of one process each: it forks, carries calls and events and tells of the child's death; when
 * the child dies, its pool goes with it.
 */
export async function startChild({ env, keys, logger }: ChildOptions): Promise<Child> {
  const processes = openPool(entry, {
    workerType: 'process',
    maxWorkers: 1,
    emitStdStreams: true,
    // What dies young here are buffers of pixels: less memory at 24 MP, at no loss of speed that was seen (ADR 10).
    forkOpts: { env, serialization: 'advanced', execArgv: ['--max-semi-space-size=1'] },
  });
  const boot = streamLogger(logger, {});
  const on = (told: Told): void => {
    if ('stderr' in told) boot('warn', told.stderr);
  };
  const pid = await processes
    .exec('hello', [keys], { on })
    .timeout(bootMs)
    .then(Number, (error: unknown) => {
      void processes.terminate(true);
      throw new NotStarted(`A process for enrichers does not start: ${endInWords(String(error)) ?? inShort(error)}`);
    });

  let spent = false;

  async function run(job: Job, limits: Limits): Promise<Answer> {
    const { timeoutMs, setupTimeoutMs, signal, onProgress } = limits;
    const print = streamLogger(logger, { enricher: job.enricher, assetId: job.asset.id, pid });
    let begun = false;
    let crash: string | undefined;
    let givenUp: RunError | undefined;
    let timer = setTimeout(() => send(pid, 'SIGKILL'), beginMs);

    const giveUp = (why: RunError): void => {
      if (givenUp) return;
      givenUp = why;
      spent = true;
      clearTimeout(timer);
      send(pid, 'SIGUSR2');
      timer = setTimeout(() => send(pid, 'SIGKILL'), letGoMs);
    };
    const within = (ms: number, what: string): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        giveUp(new RunError('timeout', `${what} took longer than ${ms / 1000} s and was ended`));
      }, ms);
    };
    const stop = (): void => {
      giveUp(new RunError('transient', inShort(signal?.reason)));
    };
    const hear = (told: Told): void => {
      if ('stdout' in told) print('debug', told.stdout);
      else if ('stderr' in told) print('warn', told.stderr);
      else if ('crash' in told) crash = told.crash;
      else if (givenUp) return;
      else if ('progress' in told) onProgress?.(told.progress);
      else {
        begun = true;
        within(told.phase === 'setup' ? setupTimeoutMs : timeoutMs, told.phase === 'setup' ? 'Its setup' : 'It');
      }
    };

    try {
      if (signal?.aborted) throw new RunError('transient', inShort(signal.reason));
      signal?.addEventListener('abort', stop, { once: true });
      const answer = (await processes.exec('enrich', [job], { on: hear })) as Answer;
      if (givenUp) throw givenUp;
      return answer;
    } catch (error) {
      if (givenUp) throw givenUp;
      if (error instanceof RunError) throw error;
      const said = error instanceof Error ? error.message : String(error);
      if (!begun) throw new NotStarted(endInWords(said) ?? inShort(said), { cause: error });
      if (crash !== undefined) throw new RunError('crashed', `It failed outside its run and ended its process: ${crash}`);
      throw new RunError('crashed', `While it ran, ${endInWords(said) ?? inShort(said)}`);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  return {
    pid,
    usable: () => !spent && send(pid, 0),
    run,
    async end() {
      // Its promise never settles for a child that has died already; whether it is there is what counts.
      void processes.terminate();
      const force = setTimeout(() => send(pid, 'SIGKILL'), endMs);
      while (send(pid, 0)) await delay(10);
      clearTimeout(force);
    },
  };
}
