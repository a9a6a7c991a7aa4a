import { Worker } from 'node:worker_threads';
import type { Choice } from '../engines/choices.ts';
import type { Answer, Ask, Start } from './messages.ts';
import type { Seen, Squares } from './networks.ts';

/** The networks in a thread of their own. */
export interface Thread {
  /** @throws Error where a network cannot be run, or the thread has ended. */
  look(squares: Squares): Promise<Seen>;
  /** Not after its end. */
  usable(): boolean;
  end(): Promise<void>;
}

/**
 * Starts the thread and waits until its networks are loaded. It keeps the process up only while something is asked of it.
 * @throws Error where they cannot be, in words for people
 */
export async function startThread(start: Start): Promise<Thread> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: start });
  const waiting = new Map<number, PromiseWithResolvers<Seen>>();
  const ready = Promise.withResolvers<undefined>();
  let ended: Error | undefined;
  let count = 0;

  const end = (why: Error): void => {
    ended ??= why;
    ready.reject(ended);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => end(new Error('The thread that runs the networks has ended')));
  worker.on('message', (answer: Answer) => {
    if ('ready' in answer) {
      ready.resolve(undefined);
      return;
    }
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if ('seen' in answer) asked?.resolve(answer.seen);
    else asked?.reject(new Error(answer.problem));
  });
  await ready.promise;
  worker.unref();

  return {
    look(squares) {
      if (ended) return Promise.reject(ended);
      const asked = Promise.withResolvers<Seen>();
      const id = count++;
      waiting.set(id, asked);
      worker.ref();
      worker.postMessage({ id, squares } satisfies Ask);
      return asked.promise;
    },
    usable: () => ended === undefined,
    async end() {
      await worker.terminate();
    },
  };
}

/** The thread of this process for each choice of engine, and how to start it again. */
const threads = new Map<Choice, { start: Start; thread: Promise<Thread> }>();

/**
 * Starts the networks of this process, where they do not run yet.
 * @throws Error where they cannot be loaded
 */
export async function startNetworks(start: Start): Promise<Thread> {
  const running = threads.get(start.engine);
  const known = await running?.thread.catch(() => undefined);
  if (known?.usable()) return known;
  // Of those who waited for the same one, the first starts the next.
  const newer = threads.get(start.engine);
  if (newer && newer !== running) return newer.thread;
  const thread = startThread(start);
  threads.set(start.engine, { start, thread });
  return thread;
}

/** The networks that were started with this choice: those that run, or new ones where their thread has ended. */
export function networks(engine: Choice): Promise<Thread> {
  const known = threads.get(engine);
  if (!known) throw new Error('The networks have not been set up: call startNetworks first');
  return startNetworks(known.start);
}
