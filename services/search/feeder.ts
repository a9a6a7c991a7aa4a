import type { ServiceBroker } from 'moleculer';
import type { SearchIndex } from '../../drivers/search/port.ts';
import { oneQueued } from '../../mixins/one-queued.ts';
import { tagCatalogOf } from '../../mixins/tag-catalog.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import { call } from '../contracts/contract.ts';
import { media } from '../contracts/media.ts';
import { documentVersion, searchDoc } from './fields.ts';

const page = 200;
/** Changes are read again this far back: a change with an earlier time may be written after a later one was read. */
const overlapMs = 2000;

/** Brings the index up to date with the records: reads what changed since its mark, in order, and moves the mark on. */
export interface Feeder {
  /** Answers how many documents were written. Never twice at once; those who wait share the next time. */
  feed(): Promise<number>;
  /**
   * Feeds the index anew with everything, while the one there is goes on answering: beside it, where the index can have a second
   * one, else in place. Answers how many documents were written.
   */
  rebuild(): Promise<number>;
}

type FedIndex = Pick<SearchIndex, 'put' | 'remove' | 'setMark'>;

export function indexFeeder(broker: ServiceBroker, index: SearchIndex, manifests: () => readonly Manifest[]): Feeder {
  /** Revisions written lately, so that the overlap costs no second write. */
  let recent = new Map<string, number>();
  /** The index's own mark, as it was read or written last. */
  let known: string | null | undefined;

  /**
   * An index of this process alone is asked once: at rest it is not woken to be told that nothing changed. One that a mesh shares is
   * asked each time: other nodes feed it, too, and it may have been lost and made anew, and what was written lately with it.
   */
  async function since(): Promise<string | null> {
    if (broker.transit || known === undefined) {
      const mark = await index.mark();
      if (mark !== known) recent = new Map();
      known = mark;
    }
    const [version, at, id] = (known ?? '').split(':');
    return version === String(documentVersion) && at !== undefined && id !== undefined
      ? `${Math.max(0, Number(at) - overlapMs)}:${id}`
      : null;
  }

  /** Writes what has changed since a mark to an index, page by page, and moves that index's own mark on. */
  async function fill(target: FedIndex, since: string | null, known: ReadonlyMap<string, number>) {
    const names = await tagCatalogOf(broker).names();
    const seen = new Map<string, number>();
    let fed = 0;
    for (let mark = since; ;) {
      const changes = await call(broker, media.changes, { since: mark, limit: page });
      const news = <T extends { id: string; rev: number }>({ id, rev }: T) => seen.set(id, rev) && known.get(id) !== rev;
      const docs = changes.assets.filter(news).map((asset) => searchDoc(asset, manifests(), names));
      const deleted = changes.deleted.filter(news);
      if (docs.length > 0) await target.put(docs);
      if (deleted.length > 0) await target.remove(deleted);
      if (changes.mark !== null && docs.length + deleted.length > 0) await target.setMark(`${documentVersion}:${changes.mark}`);
      fed += docs.length + deleted.length;
      mark = changes.mark;
      if (!changes.more) return { fed, seen };
    }
  }

  const target: FedIndex = {
    put: (docs) => index.put(docs),
    remove: (docs) => index.remove(docs),
    async setMark(mark) {
      known = mark;
      await index.setMark(mark);
    },
  };

  async function feed(): Promise<number> {
    const { fed, seen } = await fill(target, await since(), recent);
    recent = seen;
    return fed;
  }

  async function rebuild(): Promise<number> {
    if (!index.rebuild) {
      await target.setMark('');
      recent = new Map();
      return feeding();
    }
    const shadow = await index.rebuild();
    let fed: number;
    try {
      ({ fed } = await fill(shadow, null, new Map()));
      await shadow.finish();
    } catch (error) {
      await shadow.abandon().catch(() => undefined);
      throw error;
    }
    // What came meanwhile went to the index that was replaced.
    known = undefined;
    recent = new Map();
    return fed + (await feeding());
  }

  const feeding = oneQueued(feed);
  return { feed: feeding, rebuild: oneQueued(rebuild) };
}
