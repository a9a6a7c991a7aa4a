import { isUnavailable, type Server } from './server.ts';
import { refusalOf, type Said, unavailable } from './failures.ts';

/** One bulk: documents, and bytes of JSON. The server holds a bulk in memory, and so do we. */
const mostWrites = 1000;
const mostBytes = 5_000_000;

/** A document under an id, unless the index has a later version of it. */
export interface Write {
  id: string;
  version: number;
  body: object;
}

interface Waiting {
  lines: [string, string];
  resolve(): void;
  reject(error: Error): void;
}

interface BulkAnswer {
  errors: boolean;
  items: { index: { status: number; error?: Said } }[];
}

/**
 * Joins the writes that come while others are under way, in the order they came: bulks, and after each a refresh
 * that makes it findable. A write that comes too late (409) is done: something newer is there.
 */
export class Writer {
  #server: Server;
  #alias: string;
  #waiting: Waiting[] = [];
  #busy: Promise<void> | null = null;

  constructor(server: Server, alias: string) {
    this.#server = server;
    this.#alias = alias;
  }

  /** Resolves when all are durable and findable. @throws SearchError search.unavailable; Refusal: the first that was refused */
  async write(writes: readonly Write[]): Promise<void> {
    const done = writes.map(
      ({ id, version, body }) =>
        new Promise<void>((resolve, reject) => {
          const lines: Waiting['lines'] = [
            JSON.stringify({ index: { _id: id, version, version_type: 'external_gte' } }),
            JSON.stringify(body),
          ];
          this.#waiting.push({ lines, resolve, reject });
        }),
    );
    this.#busy ??= this.#run().finally(() => (this.#busy = null));
    const failed = (await Promise.allSettled(done)).find((one) => one.status === 'rejected');
    if (failed) throw failed.reason as Error;
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#busy) await this.#busy;
  }

  async #run(): Promise<void> {
    // What comes in the same turn goes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#next();
      try {
        await this.#bulk(batch);
      } catch (error) {
        const failure = error as Error;
        for (const { reject } of batch) reject(failure);
        // Who waits behind a server that is away would else wait for it once more.
        if (isUnavailable(error)) for (const { reject } of this.#waiting.splice(0)) reject(failure);
      }
    }
  }

  #next(): Waiting[] {
    let bytes = 0;
    const end = this.#waiting.findIndex(({ lines }, i) => {
      bytes += lines[0].length + lines[1].length;
      return i >= mostWrites || (i > 0 && bytes > mostBytes);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #bulk(batch: readonly Waiting[]): Promise<void> {
    const { items } = await this.#server.ask<BulkAnswer>('POST', `/${this.#alias}/_bulk`, {
      lines: batch.flatMap(({ lines }) => lines),
      // Else the first write after the index was deleted would make one without a mapping.
      query: { require_alias: true, filter_path: 'errors,items.*.status,items.*.error' },
    });
    // By itself, with the time of a question of its own: it builds the graphs of vectors.
    await this.#server.ask('POST', `/${this.#alias}/_refresh`);
    batch.forEach(({ resolve, reject }, i) => {
      const { status, error } = items[i]?.index ?? { status: 0, error: undefined };
      if (status === 409 || (error === undefined && status >= 200 && status < 300)) resolve();
      else reject(error ? refusalOf(error, status) : unavailable('did not say what became of a document'));
    });
  }
}
