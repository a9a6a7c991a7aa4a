import { stored, type StoredFields } from '../columns/stored.ts';
import type { SearchDoc } from '../port.ts';
import { docId, filed, tombstone, versionOf, wayOf, wayPrefix } from './document.ts';
import { isConflict } from './failures.ts';
import type { Lying, Place } from './place.ts';
import type { Json } from './server.ts';
import { live } from './words.ts';
import { type Write, Writer } from './writer.ts';

/** Documents filed anew at once. */
const chunk = 500;
/** Removals are remembered for so long, a day more than the records do, and cleared away some at a time, now and then. */
const rememberedMs = 8 * 24 * 3600 * 1000;
const clearedAtOnce = 1000;
const clearedEveryMs = 60_000;
/** Nodes that write their marks at once: each round one of them gets through. One that does not leaves it to the others. */
const mostTries = 5;

interface Noted extends Record<string, unknown> {
  mark: string;
  /** The index it was written for: what was on its way when that was replaced is no mark of the new one. By its name, and by its uuid. */
  for: string;
  uuid: string;
}

/** The index whose mark was read last, and where its mark lies; null: it had none. */
interface Marked {
  index: string;
  uuid: string;
  at: Lying | null;
}

interface Refiled {
  id: string;
  rev: number;
  raw: StoredFields;
}

/** Everything that is written to an index: the one that answers, or one beside it. */
export class Feed {
  #place: Place;
  #writer: Writer;
  #marked: Marked | null = null;
  #cleared = 0;

  constructor(place: Place) {
    this.#place = place;
    this.#writer = new Writer(place.server, place.alias);
  }

  #write({ id, rev, fields }: { id: string; rev: number; fields: StoredFields }): Write {
    return { id: docId(id), version: versionOf(rev, false), body: filed({ id, rev, fields }, this.#place.declared) };
  }

  async put(docs: readonly SearchDoc[]): Promise<void> {
    const isVector = (name: string): boolean => this.#place.declared.fields.get(name)?.kind === 'vector';
    await this.#writer.write(docs.map((doc) => this.#write({ ...doc, fields: stored(doc.fields, isVector) })));
  }

  async remove(docs: readonly { id: string; rev: number }[]): Promise<void> {
    await this.#writer.write(
      docs.map(({ id, rev }) => ({ id: docId(id), version: versionOf(rev, true), body: tombstone(id, rev) })),
    );
    if (docs.length > 0 && Date.now() - this.#cleared > clearedEveryMs) await this.#clear();
  }

  /** Clears old removals away. */
  async #clear(): Promise<void> {
    this.#cleared = Date.now();
    const { server, alias } = this.#place;
    await server.ask('POST', `/${alias}/_delete_by_query`, {
      body: {
        query: { bool: { filter: [{ term: { live: false } }, { range: { goneAt: { lt: this.#cleared - rememberedMs } } }] } },
      },
      query: { conflicts: 'proceed', max_docs: clearedAtOnce },
    });
  }

  /** Files anew what is filed otherwise than by now declared. Whoever does so meanwhile, does the same. */
  async refile(): Promise<void> {
    const { server, alias, declared } = this.#place;
    const otherwise = [...declared.fields.values()].map((field) => ({
      bool: {
        filter: [{ prefix: { ways: wayPrefix(field.name) } }],
        must_not: [{ term: { ways: wayOf(field.name, field) } }],
      },
    }));
    const query: Json = { bool: { filter: [live], should: otherwise, minimum_should_match: 1 } };
    if (otherwise.length === 0) return;
    // Two nodes that declare a field in two ways would else go on for ever.
    for (let rounds = 1, most = 1; rounds <= most; rounds++) {
      const { hits } = await server.ask<{ hits: { total: { value: number }; hits: { _source: Refiled }[] } }>(
        'POST',
        `/${alias}/_search`,
        { body: { size: chunk, track_total_hits: true, _source: ['id', 'rev', 'raw'], query, sort: ['_doc'] } },
      );
      if (rounds === 1) most = 2 + Math.ceil(hits.total.value / chunk);
      if (hits.hits.length === 0) return;
      await this.#writer.write(hits.hits.map(({ _source: { id, rev, raw } }) => this.#write({ id, rev, fields: raw })));
    }
  }

  async mark(): Promise<string | null> {
    const noted = await this.#place.note<Noted>('mark');
    // An answer says which index gave it: with a mark of its own, it need not be asked who it is.
    const own = noted?.note.for === noted?._index ? noted : null;
    this.#marked = own ? { index: own._index, uuid: own.note.uuid, at: own } : { ...(await this.#place.identity()), at: noted };
    return own?.note.mark ?? null;
  }

  /** In its turn among the puts: it never says more than what was put before it. */
  async setMark(mark: string): Promise<void> {
    await this.#writer.settled();
    this.#marked ??= { ...(await this.#place.identity()), at: null };
    const { index, uuid } = this.#marked;
    // An index without a mark may have been replaced by another without one.
    if (!this.#marked.at && (await this.#place.identity()).uuid !== uuid) return;
    for (let tries = 0; tries < mostTries; tries++) {
      try {
        this.#marked.at = await this.#place.writeNote('mark', { mark, for: index, uuid }, this.#marked.at);
        return;
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
      // Another node has written its mark meanwhile, or it is another index.
      const noted = await this.#place.note<Noted>('mark');
      if (noted?.note.uuid !== uuid) return;
      this.#marked.at = noted;
    }
  }

  async settled(): Promise<void> {
    await this.#writer.settled();
  }
}
