import { ulid } from 'ulid';
import type { MongoAdapter, Stored } from './adapter.ts';
import { batchField } from './stored.ts';

/**
 * All or none, without transactions, which a single server does not have: every record carries the mark of this call, and when one
 * cannot be inserted, those that carry it are removed again, and no others. Until then readers may see some of them, and they
 * stay where this process or the server dies in between: who repeats the call is told `records.duplicate`.
 */
export async function insertAll(adapter: MongoAdapter, records: Stored[]): Promise<void> {
  if (records.length === 0) return;
  const batch = ulid();
  try {
    await adapter.insertMany(records.map((record) => ({ ...record, [batchField]: batch })));
  } catch (error) {
    const ids = records.map(({ _id }) => _id);
    // Where the server is away this fails as well, and the first error tells.
    await adapter.removeMany({ _id: { $in: ids }, [batchField]: batch }).catch(() => undefined);
    throw error;
  }
}
