import type { ServiceBroker } from 'moleculer';
import type { SearchIndex } from '../../drivers/search/port.ts';
import { examination } from '../../mixins/examination.ts';
import type { Asset } from '../contracts/asset.ts';
import { call } from '../contracts/contract.ts';
import type { Examination } from '../contracts/examination.ts';
import { media } from '../contracts/media.ts';

const page = 200;
/** Beyond any that an asset comes to: an id is given once. */
const lastRev = 2 ** 31 - 1;

export interface ExamineOptions {
  broker: ServiceBroker;
  index: Pick<SearchIndex, 'find' | 'remove'>;
  fix: boolean;
  /** Brings the index up to date, so that what is missing then is lost. */
  feed(): Promise<unknown>;
  /** Makes it anew. */
  rebuild(): Promise<unknown>;
}

/** The ids of all documents, in memory: 60 MB for a million. */
async function indexed(index: Pick<SearchIndex, 'find'>): Promise<Set<string>> {
  const all = new Set<string>();
  for (let cursor: string | undefined; ;) {
    const { ids, next } = await index.find({ sort: { field: 'createdAt', descending: false }, limit: page, cursor });
    for (const id of ids) all.add(id);
    if (next === null) return all;
    cursor = next;
  }
}

/** Holds the index against the records, both ways. */
export async function examineIndex({ broker, index, fix, feed, rebuild }: ExamineOptions): Promise<Examination> {
  await feed();
  const tally = examination();
  const left = await indexed(index);
  const missing: string[] = [];
  for (let since: string | null = null; ;) {
    const { assets, mark, more }: { assets: Asset[]; mark: string | null; more: boolean } = await call(broker, media.changes, {
      since,
      limit: page,
    });
    missing.push(...assets.filter(({ id }) => !left.delete(id)).map(({ id }) => id));
    tally.saw(assets.length);
    if (!more) break;
    since = mark;
  }
  // Of those that were read, some have changed since, and an asset that came or went meanwhile is no disorder.
  const there = new Set<string>();
  const strange = [...left];
  for (let from = 0; from < strange.length; from += page)
    for (const { id } of await call(broker, media.many, { ids: strange.slice(from, from + page) })) there.add(id);
  const unknown = strange.filter((id) => !there.has(id));
  if (fix && unknown.length > 0) await index.remove(unknown.map((id) => ({ id, rev: lastRev })));
  if (fix && missing.length > 0) await rebuild();
  for (const id of missing) tally.found('index-missing', id, fix);
  for (const id of unknown) tally.found('index-strange', id, fix);
  return tally.result();
}
