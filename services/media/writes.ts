import { ulid } from 'ulid';
import { RecordsError, type QueryOfOne, type Update } from '../../drivers/records/port.ts';
import { cleanTag } from '../../mixins/tag-key.ts';
import type { TagNames } from '../../mixins/tag-names.ts';
import { originOf, type AssetEdit, type AssetState } from '../contracts/asset.ts';
import { VitrailError } from '../contracts/errors.ts';
import type { NewAsset, Projection } from '../contracts/media.ts';
import { isShown, shown, type AssetRecord, type AssetRecords, type Label, type Said } from './asset-records.ts';
import { sayTag, sayTags } from './asset-tags.ts';

const gone = (id: string) => new VitrailError('asset.not-found', `There is no asset ${id}; it may have been deleted.`);

/** The record of an asset that is there for others. @throws asset.not-found */
export async function shownAsset(records: AssetRecords, id: string): Promise<AssetRecord> {
  const record = await records.findById(id);
  if (!isShown(record)) throw gone(id);
  return record;
}

let lastChange = 0;
/** Never the same twice and never backwards on this node, whatever the clock does: the change feed is ordered by it. */
export const changeTime = (): number => (lastChange = Math.max(Date.now(), lastChange + 1));

/** Every change raises `rev` and moves the asset to the end of the change feed. */
const touched = ({ $set = {}, ...update }: Update): Update => ({
  ...update,
  $set: { ...$set, changedAt: changeTime() },
  $inc: { rev: 1 },
});

/** What a person said but for tags, as an update: null takes a value away. */
export function editToUpdate({ tags: _, ...edit }: AssetEdit): Update {
  const entries: [string, unknown][] = Object.entries(edit).filter(([, value]) => value !== undefined);
  const said = entries.filter(([, value]) => value !== null);
  const withdrawn = entries.filter(([, value]) => value === null).map(([key]): [string, true] => [key, true]);
  return {
    $set: Object.fromEntries<unknown>(said),
    ...(withdrawn.length > 0 && { $unset: Object.fromEntries<true>(withdrawn) }),
  };
}

/**
 * Enters an asset, once per sha256 however many ask at the same time: the record store's uniqueness decides.
 * @throws server.busy while an asset with the same bytes is being deleted.
 */
export async function createAsset(
  records: AssetRecords,
  { edit = {}, ...facts }: NewAsset,
  names: TagNames,
): Promise<{ record: AssetRecord; created: boolean }> {
  const now = Date.now();
  const values = (editToUpdate(edit).$set ?? {}) as Partial<AssetRecord>;
  const said = edit.tags && { said: sayTags({ createdAt: now, prints: {} }, names, edit.tags, now) };
  const { durationMs, session: _session, client: _client, ...known } = facts;
  const record: AssetRecord = {
    ...known,
    ...originOf(facts),
    ...(durationMs !== undefined && { durationMs }),
    ...values,
    ...said,
    id: ulid(now),
    state: 'processing',
    rev: 1,
    createdAt: now,
    changedAt: changeTime(),
    enrichments: {},
    files: {},
    prints: {},
  };
  try {
    return { record: await records.insert(record), created: true };
  } catch (error) {
    if (!(error instanceof RecordsError) || error.code !== 'records.duplicate') throw error;
    const known = await records.findOne({ sha256: facts.sha256 });
    if (isShown(known)) return { record: known, created: false };
    throw new VitrailError('server.busy', 'An asset with the same bytes is being deleted; send the file again in a moment.');
  }
}

/** Revisions of which an asset must have one to be changed; any, where none are named. */
export type Revs = readonly number[] | undefined;

/** @throws asset.changed */
export function checkRev({ rev }: AssetRecord, revs: Revs): void {
  if (revs?.includes(rev) === false) {
    throw new VitrailError('asset.changed', `The asset has changed; it is at revision ${rev} now. Read it again.`, { rev });
  }
}

/** A query for an asset that is there for others, at one of these revisions. */
export const shownAt = (id: string, revs: Revs): QueryOfOne => ({
  id,
  state: { $in: shown },
  ...(revs && { rev: { $in: revs } }),
});

async function change(records: AssetRecords, id: string, update: Update, revs: Revs): Promise<AssetRecord> {
  for (;;) {
    const changed = await records.updateOne(shownAt(id, revs), touched(update));
    if (changed) return changed;
    // Gone, or at another revision; where it is neither, it came to one of these meanwhile.
    checkRev(await shownAsset(records, id), revs);
  }
}

/**
 * Changes a person's words on tags, together with what else `update` says. They are read, changed and written as a whole, so they
 * are written only where nobody wrote the asset meanwhile, and else read again: each failure is another's success.
 * @throws asset.not-found, asset.changed
 */
async function changeWords(
  records: AssetRecords,
  id: string,
  say: (record: AssetRecord) => Said[] | undefined,
  { revs, ...update }: Update & { revs?: Revs } = {},
): Promise<AssetRecord> {
  for (;;) {
    const record = await shownAsset(records, id);
    checkRev(record, revs);
    const said = say(record);
    if (said === undefined) return record;
    const written = touched({ $set: { ...update.$set, said }, $unset: { ...update.$unset, tags: true } });
    const changed = await records.updateOne({ id, state: { $in: shown }, rev: record.rev }, written);
    if (changed) return changed;
  }
}

/** Writes what a person said; saying nothing changes nothing. @throws asset.not-found, asset.changed, tag.limit */
export async function editAsset(
  records: AssetRecords,
  id: string,
  edit: AssetEdit,
  names: TagNames,
  revs?: Revs,
): Promise<AssetRecord> {
  const { tags } = edit;
  if (tags !== undefined)
    return changeWords(records, id, (record) => sayTags(record, names, tags, Date.now()), { ...editToUpdate(edit), revs });
  if (Object.values(edit).some((value) => value !== undefined)) return change(records, id, editToUpdate(edit), revs);
  const record = await shownAsset(records, id);
  checkRev(record, revs);
  return record;
}

/** Writes a person's word that an asset has a tag, or has it not. @throws asset.not-found, asset.changed, tag.limit */
export const tagAsset = (
  records: AssetRecords,
  id: string,
  { name, removed, revs }: { name: string; removed: boolean; revs?: Revs },
  names: TagNames,
): Promise<AssetRecord> =>
  changeWords(records, id, (record) => sayTag(record, names, { name, at: Date.now(), ...(removed && { removed }) }), { revs });

/** An enricher's tags as an asset keeps them. */
export const labelsOf = (tags: Projection['tags']): Label[] =>
  tags.flatMap(({ name, confidence }) => {
    const clean = cleanTag(name);
    return clean === undefined ? [] : [{ name: clean, ...(confidence !== undefined && { confidence }) }];
  });

/** Writes one enricher's part of an asset and no other's; an older result than the one there changes nothing, and answers null. */
export async function projectResult(
  records: AssetRecords,
  { id, enricher, fingerprint, at, values, files, tags, state }: Projection,
): Promise<AssetRecord | null> {
  const print = `prints.${enricher}.at`;
  const update = touched({
    $set: {
      [`enrichments.${enricher}`]: values,
      [`files.${enricher}`]: files,
      [`labels.${enricher}`]: labelsOf(tags),
      [`prints.${enricher}`]: { fingerprint, at },
      state,
    },
  });
  const query = { id, state: { $in: shown }, $or: [{ [print]: { $exists: false } }, { [print]: { $lte: at } }] };
  return records.updateOne(query, update);
}

/** Writes the state that the ledger gives; answers the asset where that was news. */
export async function settleAsset(records: AssetRecords, id: string, state: AssetState): Promise<AssetRecord | null> {
  const others = shown.filter((other) => other !== state);
  return records.updateOne({ id, state: { $in: others } }, touched({ $set: { state } }));
}

/** Moves assets to the end of the change feed: what they show has changed without a change of their own. */
export async function touchAssets(records: AssetRecords, ids: readonly string[]): Promise<void> {
  await records.updateMany({ id: { $in: ids }, state: { $in: shown } }, touched({}));
}
