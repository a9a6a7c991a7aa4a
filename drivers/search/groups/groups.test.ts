import type { GroupsQuery, SearchField } from '../port.ts';
import { Declared } from '../query/declared.ts';
import { Grouping } from './groups.ts';
import { Table } from '../columns/table.ts';

const fields: SearchField[] = [
  { name: 'hash', kind: 'bits', length: 16 },
  { name: 'width', kind: 'integer', sort: true },
];
const query: GroupsQuery = {
  near: [{ field: 'hash', within: 0 }],
  order: [{ field: 'width', descending: true }],
  limit: 10,
};

/** Tells how often all rows were asked for, as each finding does once. */
class CountedTable extends Table {
  asked = 0;
  override rows(): Uint32Array {
    this.asked++;
    return super.rows();
  }
}

/** Pairs of the same hash, the widest first: `a0 b0`, `a1 b1`… */
function paired(count: number) {
  const table = new CountedTable();
  table.declare(fields);
  const put = (row: number, hash: number, width: number): void =>
    table.set(row, `${row % 2 === 0 ? 'a' : 'b'}${row >> 1}`, 0, { hash: hash.toString(16).padStart(4, '0'), width });
  for (let row = 0; row < 2 * count; row++) put(row, row >> 1, 10_000 - row);
  const clock = { ms: 0 };
  const grouping = new Grouping({ declared: new Declared(fields), table, now: () => clock.ms });
  const page = async (cursor?: string | null) => {
    const { groups, next, total } = await grouping.page({ ...query, ...(cursor && { cursor }) });
    return { groups: groups.map((members) => members.map(({ id }) => id).join(' ')), next, total };
  };
  return { table, clock, put, page };
}

const pairs = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `a${from + i} b${from + i}`);

describe('groups in an index that changes', () => {
  it('are found once for all who ask while they are being found', async () => {
    const { table, put, page } = paired(3000);
    const asked = [page()];
    for (let i = 0; i < 5; i++) {
      put(6000 + i, 9000, 1);
      asked.push(page());
      await new Promise(setImmediate);
    }
    for (const { groups } of await Promise.all(asked)) expect(groups).toEqual(pairs(0, 10));
    expect(table.asked).toBe(1);
  });

  it('are those of the last seconds, where there are many, and then others', async () => {
    const { table, clock, put, page } = paired(3000);
    await page();
    put(6000, 1, 20_000);
    clock.ms = 4999;
    expect((await page()).groups).toEqual(pairs(0, 10));
    expect(table.asked).toBe(1);
    clock.ms = 5000;
    expect((await page()).groups).toEqual(['a3000 a1 b1', 'a0 b0', ...pairs(2, 10)]);
    expect(table.asked).toBe(2);
  });

  it('go on page by page where they were, though the first of them changes its place meanwhile', async () => {
    const { clock, put, page } = paired(3000);
    const first = await page();
    // The last of the page and the first of the next: each would be on the wrong side of the cursor.
    put(18, 9, 1);
    put(20, 10, 20_000);
    const second = await page(first.next);
    expect(second.groups).toEqual(pairs(10, 20));
    clock.ms = 5000;
    expect((await page(second.next)).groups).toEqual(pairs(20, 30));
  });

  it('never hold what is gone, nor what was near to one that is gone', async () => {
    const { table, page } = paired(3000);
    await page();
    table.remove(0);
    table.remove(3);
    const { groups, total } = await page();
    expect(groups).toEqual(pairs(2, 12));
    expect(total).toBe(2998);
    expect(table.asked).toBe(1);
  });
});
