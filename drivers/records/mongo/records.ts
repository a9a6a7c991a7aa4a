import { checkedId } from '../check-id.ts';
import { RecordsError, type FindOptions, type Query, type QueryOfOne, type Records, type Update } from '../port.ts';
import type { MongoAdapter } from './adapter.ts';
import { compileFind, compileQuery } from './compile-query.ts';
import { compileUpdate } from './compile-update.ts';
import { inOrder, type About } from './in-order.ts';
import { insertAll } from './insert-all.ts';
import { toRecord, toStored } from './stored.ts';
import { updateAll, updateEach, updateOne } from './update-records.ts';

/** Does work that needs the server: refuses it after the end, bounds its time, translates its errors. Calls `work` at once. */
export type Attend = <T>(work: () => Promise<T>, time: 'short' | 'long') => Promise<T>;

export interface RecordsOptions {
  adapter: MongoAdapter;
  attend: Attend;
  /** Resolves once the indexes are there. */
  ready(): Promise<void>;
  orderPatienceMs: number;
}

const about = (query: Query): About => (typeof query.id === 'string' ? [query.id] : null);

/**
 * The methods are closures, not those of a class: Moleculer deep-clones service schemas and their adapters with them.
 * Everything is compiled and copied when a method is called, so that what the caller changes afterwards is of no effect.
 */
export function openRecords<T extends { id: string }>({ adapter, attend, ready, ...options }: RecordsOptions): Records<T> {
  const order = inOrder(options.orderPatienceMs);
  const whenReady =
    <R>(work: () => Promise<R>) =>
    async (): Promise<R> => {
      await ready();
      return work();
    };
  const read = <R>(of: About, work: () => Promise<R>): Promise<R> => attend(() => order.read(of, whenReady(work)), 'short');
  const write = <R>(of: About, work: () => Promise<R>): Promise<R> =>
    attend(() => order.write(of, whenReady(work)), of === null ? 'long' : 'short');

  async function count(asked: Query | null | undefined): Promise<number> {
    const query = compileQuery(asked ?? {});
    return read(null, () => adapter.count({ query }));
  }
  async function findById(id: string): Promise<T | null> {
    const _id = checkedId(id);
    const stored = await read([_id], () => adapter.findById(_id));
    return stored && toRecord<T>(stored);
  }
  async function findOne(asked: Query): Promise<T | null> {
    const query = compileQuery(asked);
    const stored = await read(about(asked), () => adapter.findOne(query));
    return stored && toRecord<T>(stored);
  }
  async function updateRecord(asked: QueryOfOne, update: Update): Promise<T | null> {
    checkedId(asked.id);
    const query = compileQuery(asked);
    const compiled = compileUpdate(update);
    if (!compiled) return findOne(asked);
    const updated = await write([asked.id], () => updateOne(adapter, query, compiled));
    return updated && toRecord<T>(updated);
  }
  async function removeMany(asked: Query): Promise<number> {
    const query = compileQuery(asked);
    return write(about(asked), () => adapter.removeMany(query));
  }

  return {
    async find(asked: FindOptions & { search?: unknown } = {}) {
      if (asked.search) throw new RecordsError('records.query-invalid', 'records are not searched by text: ask the search index');
      const find = compileFind(asked);
      return (await read(null, () => adapter.find(find))).map(toRecord<T>);
    },
    findOne,
    findById,
    async findByIds(ids) {
      const list = ids.map(checkedId);
      return (await read(null, () => adapter.findByIds(list))).map(toRecord<T>);
    },
    count: (asked) => count(asked?.query),

    async insert(record) {
      const stored = toStored(record);
      await write([stored._id], () => adapter.insert(stored));
      return toRecord<T>(stored);
    },
    async insertMany(records) {
      const stored = records.map(toStored);
      await write(null, () => insertAll(adapter, stored));
      return stored.map(toRecord<T>);
    },

    async updateMany(asked, update) {
      const query = compileQuery(asked);
      const compiled = compileUpdate(update);
      return compiled ? write(about(asked), () => updateAll(adapter, query, compiled)) : count(asked);
    },
    updateById: async (id, update) => updateRecord({ id: checkedId(id) }, update),
    updateOne: updateRecord,
    async updateEach(updates) {
      const asked = updates.map(({ query, update }) => {
        checkedId(query.id);
        return { id: query.id, query: compileQuery(query), compiled: compileUpdate(update) };
      });
      const changes = asked.flatMap(({ query, compiled }) => (compiled ? [{ query, compiled }] : []));
      const ids = asked.map(({ id }) => id);
      const updated = changes.length > 0 ? await write(ids, () => updateEach(adapter, changes)) : 0;
      // What changes nothing is done where it fits all the same.
      const idle = asked.filter(({ compiled }) => !compiled);
      const fitted = await Promise.all(idle.map(({ id, query }) => read([id], () => adapter.count({ query }))));
      return fitted.reduce((sum, one) => sum + one, updated);
    },
    removeMany,
    async removeById(id) {
      const _id = checkedId(id);
      const removed = await write([_id], () => adapter.removeById(_id));
      return removed && toRecord<T>(removed);
    },
  };
}
