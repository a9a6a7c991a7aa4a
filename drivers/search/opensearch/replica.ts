import { Table } from '../columns/table.ts';
import type { StoredFields, StoredValue } from '../columns/stored.ts';
import { Grouping } from '../groups/groups.ts';
import type { Groups, GroupsQuery, SearchField } from '../port.ts';
import { checkGroups } from '../query/check.ts';
import { valueOf } from './bytes.ts';
import { keptAs, pathOf } from './mapping.ts';
import type { Place } from './place.ts';
import type { Json } from './server.ts';

/** Documents read at once: some milliseconds of our event loop. */
const chunk = 2000;
/** Given back when nobody has asked for so long. */
const restMs = 5 * 60_000;

interface Hit {
  _seq_no: number;
  sort: [number];
  fields?: Record<string, (string | number | boolean)[]>;
}

interface Shards {
  indices: Record<
    string,
    { uuid: string; shards: Record<string, { routing: { primary: boolean }; seq_no: { local_checkpoint: number } }[]> }
  >;
}

/** What groups go by of all documents that are in one, in memory. */
interface Copy {
  uuid: string;
  fields: readonly SearchField[];
  /** Every change up to this number is in it. */
  until: number;
  table: Table;
  rows: Map<string, number>;
  grouping: Grouping;
}

/**
 * Near-duplicates need all pairs of all documents, which the server cannot compare: so the columns that they go by are kept here,
 * as the embedded index keeps them, and brought up to date before each answer by what was changed since (`_seq_no`, of one shard).
 * For a million documents with 64 bits and a vector of 96 numbers that is an estimated 250 MB, for as long as somebody asks.
 */
export class Replica {
  #place: Place;
  #copy: Copy | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #rest: NodeJS.Timeout | undefined;

  constructor(place: Place) {
    this.#place = place;
  }

  /** @throws SearchError */
  async groups(query: GroupsQuery): Promise<Groups> {
    const { declared } = this.#place;
    checkGroups(query, declared);
    const names = new Set([...query.near, ...query.order].map(({ field }) => field));
    const fields = [...names].flatMap((name) => declared.fields.get(name) ?? []);
    const turn = this.#last.then(() => this.#current(fields, query.near[0]?.field ?? ''));
    this.#last = turn.catch(() => undefined);
    const { grouping } = await turn;
    this.#restLater();
    return grouping.page(query);
  }

  #restLater(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => (this.#copy = null), restMs).unref();
  }

  close(): void {
    clearTimeout(this.#rest);
    this.#copy = null;
  }

  async #current(fields: readonly SearchField[], lead: string): Promise<Copy> {
    const { server, alias } = this.#place;
    const { indices } = await server.ask<Shards>('GET', `/${alias}/_stats/indexing`, { query: { level: 'shards' } });
    const { uuid = '', shards = {} } = Object.values(indices)[0] ?? {};
    // Changes get their numbers before they are made: up to here, all of them are.
    const made = shards['0']?.find(({ routing }) => routing.primary)?.seq_no.local_checkpoint ?? -1;
    const copy = this.#copyOf(uuid, fields);
    if (copy.until < made) {
      await server.ask('POST', `/${alias}/_refresh`);
      for (let after = copy.until; ;) {
        const hits = await this.#changes(copy.fields, after);
        for (const hit of hits) apply(hit, copy, lead);
        if (hits.length < chunk) break;
        after = hits.at(-1)!._seq_no;
      }
      copy.until = made;
    }
    this.#copy = copy;
    return copy;
  }

  /** The one there is, where it is of this index and has the fields. */
  #copyOf(uuid: string, fields: readonly SearchField[]): Copy {
    const known = this.#copy;
    const has = (field: SearchField): boolean =>
      known?.fields.some((one) => JSON.stringify(one) === JSON.stringify(field)) ?? false;
    if (known?.uuid === uuid && fields.every(has)) return known;
    const table = new Table();
    table.declare(fields);
    return { uuid, fields, until: -1, table, rows: new Map(), grouping: new Grouping({ declared: this.#place.declared, table }) };
  }

  async #changes(fields: readonly SearchField[], after: number): Promise<Hit[]> {
    const { server, alias } = this.#place;
    const body: Json = {
      size: chunk,
      _source: false,
      track_total_hits: false,
      seq_no_primary_term: true,
      docvalue_fields: ['id', 'live', ...fields.map(pathOf)],
      query: { range: { _seq_no: { gt: after } } },
      sort: [{ _seq_no: 'asc' }],
    };
    const { hits } = await server.ask<{ hits: { hits: Hit[] } }>('POST', `/${alias}/_search`, {
      body,
      query: { allow_partial_search_results: false },
    });
    return hits.hits;
  }
}

/** What a change makes of the copy. Who has nothing to be near by is in no group, and takes no room. */
function apply({ fields = {} }: Hit, { table, rows, fields: columns }: Copy, lead: string): void {
  const [id] = fields['id'] ?? [];
  if (typeof id !== 'string') return;
  const values: StoredFields = {};
  for (const field of columns) {
    const found = fields[pathOf(field)];
    if (found) values[field.name] = read(field, found);
  }
  const row = rows.get(id);
  if (fields['live']?.[0] !== true || values[lead] === undefined) {
    if (row !== undefined) table.remove(row);
    return;
  }
  rows.set(id, row ?? table.end);
  table.set(rows.get(id)!, id, 0, values);
}

function read(field: SearchField, found: (string | number | boolean)[]): StoredValue {
  const [value = ''] = found;
  if (keptAs(field) === 'bytes') return valueOf(field, String(value));
  return keptAs(field) === 'numbers' ? Number(value) : value;
}
