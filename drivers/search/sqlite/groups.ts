import { setImmediate } from 'node:timers/promises';
import type { Groups, GroupsQuery } from '../port.ts';
import { Bands } from './bands.ts';
import { BitsColumn } from './bits.ts';
import { checkGroups } from './check.ts';
import { type Column, Likeness } from './column.ts';
import { readSealed, writeSealed } from './cursor.ts';
import type { Declared } from './declared.ts';
import { byField, Order, type Place } from './order.ts';
import type { Table } from './table.ts';

/** Rows looked at in one step, between which other questions are answered. */
const stride = 512;

interface Member {
  row: number;
  distance: number;
}

type Near = GroupsQuery['near'][number];

/** The groups of documents that are nearly the same, found once for all pages as long as nothing changes. */
export class Grouping {
  #declared: Declared;
  #table: Table;
  #latest: { of: string; groups: Promise<Member[][]> } | null = null;

  constructor({ declared, table }: { declared: Declared; table: Table }) {
    this.#declared = declared;
    this.#table = table;
  }

  /** @throws SearchError */
  async page(query: GroupsQuery): Promise<Groups> {
    checkGroups(query, this.#declared);
    const { near, order, limit, cursor } = query;
    const bound = [near, order];
    const after = cursor === undefined ? null : readSealed<[Place['keys'], string]>(bound, cursor);
    const groups = await this.#all(query);
    const places = this.#order(order);
    const behind = after ? places.behind({ keys: after[0], id: after[1] }) : () => true;
    const rest = groups.filter(([first]) => first && behind(first.row));
    const page = rest.slice(0, limit);
    const last = page.at(-1)?.[0];
    const { keys, id } = last ? places.place(last.row) : { keys: [], id: '' };
    return {
      groups: page.map((members) => members.map(({ row, distance }) => ({ id: this.#table.ids.get(row), distance }))),
      total: groups.length,
      next: rest.length > limit ? writeSealed(bound, [keys, id]) : null,
    };
  }

  #order(order: GroupsQuery['order']): Order {
    return new Order(
      order.map((by) => byField(by, this.#table)),
      this.#table.ids,
    );
  }

  #all({ near, order }: GroupsQuery): Promise<Member[][]> {
    const of = JSON.stringify([near, order, this.#table.changes]);
    if (this.#latest?.of === of) return this.#latest.groups;
    const groups = this.#found(near, this.#order(order));
    this.#latest = { of, groups };
    // Told to whoever waits for it; the next one tries anew.
    groups.catch(() => (this.#latest = null));
    return groups;
  }

  async #found([first, ...others]: readonly Near[], order: Order): Promise<Member[][]> {
    const column = this.#table.columns.get(first?.field ?? '');
    if (!first || !(column instanceof BitsColumn)) return [];
    const steps = this.#steps(column, first.within, others, order);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await setImmediate();
    }
  }

  *#steps(column: BitsColumn, within: number, others: readonly Near[], order: Order): Generator<void, Member[][]> {
    const ordered = Uint32Array.from(order.sorted([...this.#table.rows().filter((row) => column.has(row))]));
    yield;
    const bands = yield* Bands.of(column, ordered, within);
    const tests = others.map((near) => testFor(near, this.#table.columns.get(near.field)));
    const taken = new Uint8Array(ordered.length);
    const groups: Member[][] = [];
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
      groups.push(members.map(([at, distance]) => ({ row: ordered[at]!, distance })));
    }
    return groups.map((members) => members.filter(({ row }) => this.#table.has(row))).filter(({ length }) => length > 1);
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
