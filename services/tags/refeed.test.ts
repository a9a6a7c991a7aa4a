import { ServiceBroker } from 'moleculer';
import { implement } from '../../mixins/implement.ts';
import { media } from '../contracts/media.ts';
import { search } from '../contracts/search.ts';
import { refeedDue } from './refeed.ts';
import type { TagRecord, TagRecords } from './tag-records.ts';

/** Records in memory: only what this needs of them. */
function recordsOf(rows: Map<string, TagRecord>): TagRecords {
  return {
    find: async ({ limit = 0 } = {}) => [...rows.values()].filter(({ due }) => due !== undefined).slice(0, limit),
    updateMany: async ({ id, due }: { id: string; due: string }) => {
      const row = rows.get(id);
      if (row?.due !== due) return 0;
      delete row.due;
      return 1;
    },
  } as unknown as TagRecords;
}

const broker = new ServiceBroker({ logger: false, validator: false });
const asked: string[][] = [];
const touched: string[][] = [];
let between: () => void = () => undefined;
beforeAll(async () => {
  broker.createService({
    name: 'search',
    actions: implement<Pick<typeof search, 'feed' | 'tagged'>>(
      { feed: search.feed, tagged: search.tagged },
      {
        feed: () => ({ fed: 0 }),
        tagged(ctx) {
          const { names, cursor } = ctx.params;
          if (cursor === undefined) asked.push(names);
          return cursor === undefined ? { ids: ['a', 'b'], next: 'more' } : { ids: ['c'], next: null };
        },
      },
    ),
  });
  broker.createService({
    name: 'media',
    actions: implement<Pick<typeof media, 'touch'>>(
      { touch: media.touch },
      {
        touch(ctx) {
          touched.push(ctx.params.ids);
          between();
        },
      },
    ),
  });
  await broker.start();
});
afterAll(() => broker.stop());
beforeEach(() => {
  asked.length = touched.length = 0;
  between = () => undefined;
});

const row = (id: string, due?: string, was?: string[]): TagRecord => ({
  id,
  name: id.toUpperCase(),
  createdAt: 1,
  ...(due !== undefined && { due }),
  ...(was && { was }),
});
const run = (rows: Map<string, TagRecord>, signal = new AbortController().signal) =>
  refeedDue({ broker, records: recordsOf(rows), quietly: (read) => read(), signal });

it('sends the assets of all due names through the change feed, page by page, and asks nobody where nothing is due', async () => {
  const rows = new Map([row('dog', '1', ['Dog']), row('sea'), row('sky', '1')].map((one) => [one.id, one]));
  expect(await run(rows)).toBe(3);
  expect([asked, touched]).toEqual([[['DOG', 'Dog', 'SKY']], [['a', 'b'], ['c']]]);
  expect([...rows.values()].filter(({ due }) => due !== undefined)).toEqual([]);
  expect(await run(rows)).toBe(0);
  expect(asked).toHaveLength(1);
});

it('takes a tag on again that was changed meanwhile', async () => {
  const rows = new Map([['dog', row('dog', '1')]]);
  between = () => {
    rows.set('dog', row('dog', '2'));
    between = () => undefined;
  };
  expect(await run(rows)).toBe(6);
  expect(rows.get('dog')).not.toHaveProperty('due');
});

it('leaves what is due for the next start when it is stopped', async () => {
  const rows = new Map([['dog', row('dog', '1')]]);
  const stopping = new AbortController();
  between = () => stopping.abort();
  expect(await run(rows, stopping.signal)).toBe(2);
  expect(rows.get('dog')).toHaveProperty('due', '1');
});
