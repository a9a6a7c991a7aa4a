import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SearchError, type SearchIndex } from '../port.ts';
import type { Answer, Method, Request } from './messages.ts';

/** Megabytes of JavaScript heap. Columns are outside of it; the young part is kept small, or it alone would cost 50 MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 512 };

interface Waiting {
  resolve(value: never): void;
  reject(error: Error): void;
}

type Params<M extends Method> = Parameters<SearchIndex[M]>;
type Result<M extends Method> = Awaited<ReturnType<SearchIndex[M]>>;

/**
 * The thread the index lives in, so that no search takes a turn of the event loop. Should it end, what waits for it is rejected,
 * and the next question starts another. After `restMs` without a question it is ended, so that a resting server is small; 0 or an
 * index in memory: never. It does not keep the process alive while nobody waits for it.
 */
export class Thread {
  #file: string;
  #restMs: number;
  #rest: NodeJS.Timeout | undefined;
  #resting: Promise<void> | null = null;
  #worker: Worker | null = null;
  #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(file: string, restMs: number) {
    this.#file = file;
    this.#restMs = file === ':memory:' ? 0 : restMs;
  }

  async ask<M extends Method>(method: M, ...params: Params<M>): Promise<Result<M>> {
    clearTimeout(this.#rest);
    // One thread at a time has the file.
    if (this.#resting) await this.#resting;
    return this.#ask(method, ...params);
  }

  #ask<M extends Method>(method: M, ...params: Params<M>): Promise<Result<M>> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#asked;
    return new Promise<never>((resolve, reject) => {
      worker.postMessage({ id, method, params } satisfies Request);
      worker.ref();
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /** Ends the thread at once, whatever it is at. */
  async end(): Promise<void> {
    clearTimeout(this.#rest);
    await this.#worker?.terminate();
  }

  /** Lets what was asked before be answered, closes the file and ends the thread. */
  async close(): Promise<void> {
    clearTimeout(this.#rest);
    await this.#resting;
    await this.#close();
  }

  async #close(): Promise<void> {
    if (!this.#worker) return;
    await this.#ask('close');
    await this.end();
  }

  #restLater(): void {
    if (this.#restMs === 0 || this.#resting) return;
    const rest = async (): Promise<void> => {
      if (this.#waiting.size === 0) await this.#close().catch(() => undefined);
      this.#resting = null;
    };
    this.#rest = setTimeout(() => {
      this.#resting = rest();
    }, this.#restMs).unref();
  }

  #start(): Worker {
    // Its code, stripped of types, is kept beside the index: doing that anew at each start would cost the thread 35 MB for good.
    const env = this.#file === ':memory:' ? {} : { NODE_COMPILE_CACHE: join(dirname(this.#file), '.code') };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      name: 'search',
      workerData: { file: this.#file },
      resourceLimits,
      execArgv: [],
      env,
    });
    worker.on('message', (answer: Answer) => this.#settle(worker, answer));
    worker.on('error', (error: Error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker));
    return worker;
  }

  #settle(worker: Worker, { id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) {
      worker.unref();
      this.#restLater();
    }
    if (!error) waiting?.resolve(value as never);
    else waiting?.reject(error.code ? new SearchError(error.code, error.message) : new Error(error.message));
  }

  #lose(worker: Worker, cause?: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const reason = cause ? `: ${cause.message}` : '';
    const error = new Error(`the search index ${this.#file} stopped${reason}; the next search opens it again`, { cause });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
