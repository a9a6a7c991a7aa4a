import { setImmediate } from 'node:timers/promises';
import type { Groups, GroupsQuery } from '../port.ts';
import { Bands } from './bands.ts';
import { BitsColumn } from '../columns/bits.ts';
import { checkGroups } from '../query/check.ts';
import { type Column, Likeness } from '../columns/column.ts';
import { readSealed, writeSealed } from '../query/cursor.ts';
import type { Declared } from '../query/declared.ts';
import { byField, type Key, Order, type Rank } from '../columns/order.ts';
import { ranked } from '../columns/ranked.ts';
import { Recent } from './recent.ts';
import type { Table } from '../columns/table.ts';

/** Rows looked at in one step, between which other questions are answered. */
const stride = 512;

/** The first and the others, with the keys that the first had when it was put in order. */
interface Group {
  keys: Key[];
  members: { row: number; distance: number }[];
}

type Near = GroupsQuery['near'][number];

/** The groups of documents that are nearly the same, found once for all pages and all who ask meanwhile. */
export class Grouping {
  #declared: Declared;
  #table: Table;
  #recent: Recent<Group[]>;

  /** `now` in ms. */
  constructor({ declared, table, now }: { declared: Declared; table: Table; now?: () => number }) {
    this.#declared = declared;
    this.#table = table;
    this.#recent = new Recent({ table, ...(now && { now }) });
  }

  /** @throws SearchError */
  async page(query: GroupsQuery): Promise<Groups> {
    checkGroups(query, this.#declared);
    const { near, order, limit, cursor } = query;
    const bound = [near, order];
    const after = cursor === undefined ? null : readSealed<[Key[], string]>(bound, cursor);
    const found = await this.#recent.get(JSON.stringify(bound), () => this.#found(near, order));
    const groups = found.flatMap((group) => this.#left(group));
    const places = new Order(this.#ranks(order), this.#table.ids);
    const behind = after ? places.behind({ keys: after[0], id: after[1] }) : () => true;
    const rest = groups.filter(({ keys, members }) => behind(members[0]!.row, keys));
    const page = rest.slice(0, limit).map(({ keys, members }) => ({
      keys,
      members: members.map(({ row, distance }) => ({ id: this.#table.ids.get(row), distance })),
    }));
    const last = page.at(-1);
    return {
      groups: page.map(({ members }) => members),
      total: groups.length,
      next: last && rest.length > limit ? writeSealed(bound, [last.keys, last.members[0]!.id]) : null,
    };
  }

  /** A group less what has gone since; none where its first has, whom all were near to, or all others. */
  #left({ keys, members }: Group): Group[] {
    if (!this.#table.has(members[0]!.row)) return [];
    const left = members.filter(({ row }) => this.#table.has(row));
    return left.length > 1 ? [{ keys, members: left }] : [];
  }

  #ranks(order: GroupsQuery['order']): Rank[] {
    return order.map((by) => byField(by, this.#table));
  }

  async #found([first, ...others]: readonly Near[], order: GroupsQuery['order']): Promise<Group[]> {
    const column = this.#table.columns.get(first?.field ?? '');
    if (!first || !(column instanceof BitsColumn)) return [];
    const steps = this.#steps(column, first.within, others, this.#ranks(order));
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await setImmediate();
    }
  }

  *#steps(column: BitsColumn, within: number, others: readonly Near[], ranks: Rank[]): Generator<void, Group[]> {
    const known = this.#table.rows().filter((row) => column.has(row));
    const { rows: ordered, keys } = yield* ranked(known, ranks, this.#table.ids);
    const bands = yield* Bands.of(column, ordered, within);
    const tests = others.map((near) => testFor(near, this.#table.columns.get(near.field)));
    const taken = new Uint8Array(ordered.length);
    const groups: Group[] = [];
    for (let place = 0; place < ordered.length; place++) {
      if (place % stride === 0) yield;
      if (taken[place] === 1) continue;
      const passes = tests.map((test) => test(ordered[place]!));
      const members: [place: number, distance: number][] = [[place, 0]];
      bands.later(place, (other, distance) => {
        if (taken[other] === 1 || !passes.every((pass) => pass(ordered[other]!))) return;
        taken[other] = 1;
        members.push([other, distance]);
      });
      if (members.length < 2) continue;
      members.sort(([a], [b]) => a - b);
      groups.push({ keys: keys(place), members: members.map(([at, distance]) => ({ row: ordered[at]!, distance })) });
    }
    return groups;
  }
}

/** Whether a row is near enough to another in one more field. Who has no value there is not kept out. */
function testFor({ within }: Near, column: Column | undefined): (row: number) => (other: number) => boolean {
  if (column instanceof Likeness) {
    return (row) => {
      const distance = column.fromRow(row);
      return (other) => !distance || !(distance(other) > within);
    };
  }
  return (row) => {
    const own = column?.key(row);
    return (other) => {
      const value = column?.key(other);
      return typeof own !== 'number' || typeof value !== 'number' || Math.abs(own - value) <= within;
    };
  };
}
