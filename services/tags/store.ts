import { ulid } from 'ulid';
import { RecordsError, type Update } from '../../drivers/records/port.ts';
import type { TagNames } from '../../mixins/tag-names.ts';
import type { TagRow } from '../contracts/tags.ts';
import type { Draft } from './draft.ts';
import type { TagRecords } from './tag-records.ts';

const duplicate = (error: unknown): boolean => error instanceof RecordsError && error.code === 'records.duplicate';

/** Enters a name that is not there yet; who enters it at the same time has entered it, too. Answers whether it was this call. */
export async function enterName(records: TagRecords, row: TagRow): Promise<boolean> {
  try {
    await records.insert({ ...row, createdAt: Date.now() });
    return true;
  } catch (error) {
    if (duplicate(error)) return false;
    throw error;
  }
}

const members = ['name', 'into', 'parent', 'made', 'was'] as const;

function updateTo(row: TagRow): Update {
  const there = members.filter((member) => row[member] !== undefined);
  const gone = members.filter((member) => row[member] === undefined);
  return {
    $set: Object.fromEntries<unknown>(there.map((member) => [member, row[member]])),
    $unset: Object.fromEntries<true>(gone.map((member) => [member, true])),
  };
}

/** The tags whose assets are found under other names than before when one tag changes: its own, and all below it. */
function concerned(names: TagNames, ids: Iterable<string>): Set<string> {
  const keys = new Set<string>();
  for (const id of ids) {
    const tag = names.tag(id);
    // What stands below it has been walked with it.
    if (!tag || keys.has(tag.id)) continue;
    for (const one of names.levels(tag).flat()) for (const row of [one, ...names.others(one)]) keys.add(row.id);
  }
  return keys;
}

/**
 * Writes a draft for good, row by row in its order, each step meaning something by itself. The tags concerned are noted as due
 * before: after a crash their assets are indexed anew whether or not the change has come to its end.
 */
export async function commit(records: TagRecords, before: TagNames, draft: Draft, tag: TagRow): Promise<void> {
  const touched = [...draft.changed, tag.id];
  const due = ulid();
  const keys = [...concerned(before, touched), ...concerned(draft.names, touched)];
  await records.updateMany({ id: { $in: keys } }, { $set: { due } });
  for (const id of draft.changed) {
    const row = draft.names.row(id);
    if (!row) await records.removeById(id);
    else if (!(await records.updateById(id, updateTo(row))) && !(await enterName(records, row)))
      await records.updateById(id, updateTo(row));
  }
}
