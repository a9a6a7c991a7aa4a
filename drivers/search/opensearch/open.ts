import { setTimeout } from 'node:timers/promises';
import type { Rebuild, SearchIndex } from '../port.ts';
import { Declared } from '../query/declared.ts';
import { create, drop, madeFor, swap } from './created.ts';
import { isMissing, isPassing, isUnmapped, unavailable } from './failures.ts';
import { Feed } from './feed.ts';
import { find } from './find.ts';
import { structure } from './mapping.ts';
import { nearest } from './nearest.ts';
import { Place } from './place.ts';
import { Replica } from './replica.ts';
import { Server } from './server.ts';
import { live } from './words.ts';

/** An index that was just made or replaced is asked again for so long, in ms, and so often. */
const passingMs = 3000;
const againMs = 50;
/** How often an index that is not there is made, for one call. */
const mostMakings = 3;

export interface OpenSearchOptions {
  /** `http://` or `https://`, with credentials where the server wants them. */
  url: string;
  /** Begins the names of all indexes: lower-case letters, figures, `-` and `_`. */
  index: string;
  /** Copies, by the number of nodes: OpenSearch's `auto_expand_replicas`. Default: one where there is a second node. */
  replicas?: string;
  /** The most that one question to the server takes, and one search as a whole. */
  timeoutMs?: number;
}

/**
 * The search index on OpenSearch, 2.x, with the k-NN plugin or without: any number of nodes and processes at once. Makes its index where there is
 * none, now and whenever it is gone. A server that is away is asked anew by each call.
 * @throws SearchError search.unavailable: the server does not answer
 */
export async function openOpenSearch({
  url,
  index,
  replicas = '0-1',
  timeoutMs = 9000,
}: OpenSearchOptions): Promise<SearchIndex> {
  const server = new Server({ url, timeoutMs });
  const opened = new OpenSearchIndex(server, { alias: `${index}-assets-${structure}`, replicas });
  try {
    await opened.begin();
  } catch (error) {
    await server.close();
    throw error;
  }
  return opened.port();
}

class OpenSearchIndex {
  #server: Server;
  #alias: string;
  #replicas: string;
  #place: Place;
  #feed: Feed;
  #replica: Replica;
  #making: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(server: Server, { alias, replicas }: { alias: string; replicas: string }) {
    this.#server = server;
    this.#alias = alias;
    this.#replicas = replicas;
    this.#place = new Place(server, alias, new Declared());
    this.#feed = new Feed(this.#place);
    this.#replica = new Replica(this.#place);
  }

  begin(): Promise<void> {
    return this.#there(() => this.#place.learn());
  }

  port(): SearchIndex {
    const place = this.#place;
    const feed = this.#feed;
    return {
      configure: (fields) => {
        place.declared.take(fields);
        return this.#there(async () => {
          await place.declare();
          await feed.refile();
        });
      },
      put: (docs) => this.#there(() => feed.put(docs)),
      remove: (docs) => this.#there(() => feed.remove(docs)),
      find: (query) => this.#inTime(() => find(query, place)),
      nearest: (query) => this.#inTime(() => nearest(query, place)),
      groups: (query) => this.#there(() => this.#replica.groups(query)),
      count: () => this.#inTime(() => this.#count()),
      mark: () => this.#inTime(() => feed.mark()),
      setMark: (mark) => this.#there(() => feed.setMark(mark)),
      rebuild: () => this.#there(() => this.#rebuild()),
      close: () => (this.#closing ??= this.#close()),
    };
  }

  #inTime<T>(work: () => Promise<T>): Promise<T> {
    return this.#server.inTime(() => this.#there(work));
  }

  /** Does something with the index, which is made where it is not there. All of it may be done twice. */
  async #there<T>(work: () => Promise<T>): Promise<T> {
    const until = performance.now() + passingMs;
    for (let makings = 0, isToBeMade = false; ;) {
      if (this.#closing) throw new Error(`the search index ${this.#alias} is closed`);
      try {
        if (isToBeMade) await this.#make();
        return await work();
      } catch (error) {
        isToBeMade = isMissing(error) || isUnmapped(error);
        if (isToBeMade && makings++ < mostMakings) continue;
        if (!isPassing(error)) throw error;
        if (performance.now() > until) throw unavailable('has no index that answers');
        await setTimeout(againMs);
      }
    }
  }

  #make(): Promise<void> {
    const make = async (): Promise<void> => {
      await create(this.#server, { alias: this.#alias, replicas: this.#replicas, beside: false });
      await this.#place.declare();
    };
    return (this.#making ??= make().finally(() => (this.#making = null)));
  }

  async #count(): Promise<number> {
    const { count } = await this.#server.ask<{ count: number }>('POST', `/${this.#alias}/_count`, { body: { query: live } });
    return count;
  }

  async #rebuild(): Promise<Rebuild> {
    const { all, current } = await madeFor(this.#server, this.#alias);
    for (const index of all) if (!current.includes(index)) await drop(this.#server, index);
    const made = await create(this.#server, { alias: this.#alias, replicas: this.#replicas, beside: true });
    if (!made) throw new Error('no second index was made');
    const beside = new Place(this.#server, made.alias, this.#place.declared);
    const feed = new Feed(beside);
    await beside.declare();
    const still = async (work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (isMissing(error)) {
          throw new Error('this rebuild of the search index was given up: another one has begun', { cause: error });
        }
        throw error;
      }
    };
    return {
      put: (docs) => still(() => feed.put(docs)),
      remove: (docs) => still(() => feed.remove(docs)),
      setMark: (mark) => still(() => feed.setMark(mark)),
      finish: () =>
        still(async () => {
          // Fields that came meanwhile.
          await beside.declare();
          await feed.refile();
          await swap(this.#server, this.#alias, made);
        }),
      abandon: () => drop(this.#server, made.alias),
    };
  }

  async #close(): Promise<void> {
    this.#replica.close();
    await this.#feed.settled();
    await this.#server.close();
  }
}
