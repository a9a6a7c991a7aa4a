import { checkedId } from '../check-id.ts';
import {
  RecordsError,
  type FindOptions,
  type Query,
  type QueryOfOne,
  type Records,
  type Update,
  type UpdateOfOne,
} from '../port.ts';
import { compileFind } from './compile-find.ts';
import { compileQuery } from './compile-query.ts';
import { compileUpdate } from './compile-update.ts';
import type { GroupCommit } from './group-commit.ts';
import { quoted, type Columns } from './schema.ts';
import { sql, type Sql } from './sql.ts';
import type { Prepare } from './statements.ts';

export interface Table {
  name: string;
  columns: Columns;
  prepare: Prepare;
  commits: GroupCommit;
}

/** Records changed before a transaction may end: some ms of work at 2 KB each. */
const slice = 50;

const written = (record: { id: string }): { id: string; doc: string } => ({
  id: checkedId(record.id),
  doc: JSON.stringify(record),
});

/**
 * The methods are closures, not those of a class: Moleculer deep-clones service schemas and their adapters with them.
 * Everything is compiled and copied when a method is called, so that what the caller changes afterwards is of no effect.
 */
export function openRecords<T extends { id: string }>({ name, columns, prepare, commits }: Table): Records<T> {
  const table = quoted(name);
  const parsed = (doc: unknown): T => JSON.parse(doc as string) as T;
  const documents = ({ text, params }: Sql): T[] => Array.from(prepare(text).all(...params), parsed);
  const document = ({ text, params }: Sql): T | null => {
    const doc = prepare(text).get(...params);
    return doc === undefined ? null : parsed(doc);
  };
  const insertion = `INSERT INTO ${table} (id, doc) VALUES (?, ?)`;

  /** Applies a statement to all records that fit, some at a time; each is asked again when its turn comes. */
  function* changeSome(where: Sql, head: Sql): Generator<undefined, number> {
    const rids = prepare(`SELECT rid FROM ${table} WHERE ${where.text}`).all(...where.params);
    const change = `${head.text} WHERE rid IN (SELECT value FROM json_each(?)) AND (${where.text})`;
    let changed = 0;
    for (let from = 0; from < rids.length; from += slice) {
      if (from > 0) yield;
      const some = JSON.stringify(rids.slice(from, from + slice));
      changed += prepare(change).run(...head.params, some, ...where.params).changes;
    }
    return changed;
  }

  /** A query that names an id is about one record: compare-and-set, the ledger's every step, is one statement. */
  async function changeMany(query: Query, head: Sql): Promise<number> {
    const where = compileQuery(query, columns);
    if (typeof query.id !== 'string') return commits.writeSliced(() => changeSome(where, head));
    const change = sql(`${head.text} WHERE ${where.text}`, ...head.params, ...where.params);
    return commits.write(() => prepare(change.text).run(...change.params).changes);
  }

  async function count(query: Query | null | undefined): Promise<number> {
    const { text, params } = compileQuery(query ?? {}, columns);
    return commits.read(() => prepare(`SELECT count(*) FROM ${table} WHERE ${text}`).get(...params) as number);
  }

  function changeOne({ query, update }: UpdateOfOne): Sql {
    checkedId(query.id);
    const doc = compileUpdate(update) ?? sql('doc');
    const where = compileQuery(query, columns);
    return sql(`UPDATE ${table} SET doc = ${doc.text} WHERE ${where.text}`, ...doc.params, ...where.params);
  }

  async function updateOne(query: QueryOfOne, update: Update): Promise<T | null> {
    const { text, params } = changeOne({ query, update });
    return commits.write(() => document(sql(`${text} RETURNING doc`, ...params)));
  }

  const removeMany = (query: Query): Promise<number> => changeMany(query, sql(`DELETE FROM ${table}`));

  return {
    async find(options: FindOptions & { search?: unknown } = {}) {
      if (options.search)
        throw new RecordsError('records.query-invalid', 'records are not searched by text: ask the search index');
      const select = compileFind(name, options, columns);
      return commits.read(() => documents(select));
    },
    async findOne(query) {
      const select = compileFind(name, { query, limit: 1 }, columns);
      return commits.read(() => document(select));
    },
    async findById(id) {
      const select = sql(`SELECT doc FROM ${table} WHERE id = ?`, checkedId(id));
      return commits.read(() => document(select));
    },
    async findByIds(ids) {
      const list = JSON.stringify(ids.map(checkedId));
      return commits.read(() => documents(sql(`SELECT doc FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`, list)));
    },
    count: (options) => count(options?.query),

    async insert(record) {
      const { id, doc } = written(record);
      await commits.write(() => prepare(insertion).run(id, doc));
      return parsed(doc);
    },
    async insertMany(records) {
      const rows = records.map(written);
      await commits.write(() => {
        for (const { id, doc } of rows) prepare(insertion).run(id, doc);
      });
      return rows.map(({ doc }) => parsed(doc));
    },

    async updateMany(query, update) {
      const doc = compileUpdate(update);
      return doc ? changeMany(query, sql(`UPDATE ${table} SET doc = ${doc.text}`, ...doc.params)) : count(query);
    },
    updateById: (id, update) => updateOne({ id }, update),
    updateOne,
    async updateEach(updates) {
      // Issued together they share a transaction; each is whole or not at all, also beside one that cannot be done.
      const changes = updates.map(changeOne);
      const write = ({ text, params }: Sql): Promise<number> => commits.write(() => prepare(text).run(...params).changes);
      const counts = await Promise.allSettled(changes.map(write));
      return counts.reduce((sum, count) => {
        if (count.status === 'rejected') throw count.reason;
        return sum + count.value;
      }, 0);
    },
    removeMany,
    async removeById(id) {
      const removal = sql(`DELETE FROM ${table} WHERE id = ? RETURNING doc`, checkedId(id));
      return commits.write(() => document(removal));
    },
  };
}
