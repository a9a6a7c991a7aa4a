import { ServiceBroker } from 'moleculer';
import type { SearchDoc, SearchIndex } from '../../drivers/search/port.ts';
import { implement } from '../../mixins/implement.ts';
import type { Asset } from '../contracts/asset.ts';
import { media } from '../contracts/media.ts';
import { tags } from '../contracts/tags.ts';
import { indexFeeder } from './feeder.ts';

const asset = (id: string): Asset => ({
  id,
  sha256: 'a'.repeat(64),
  filename: 'a.jpg',
  type: 'image/jpeg',
  bytes: 1,
  width: 1,
  height: 1,
  state: 'ready',
  rev: 1,
  createdAt: new Date(0).toISOString(),
  tags: [],
  enrichments: {},
  variants: [],
});

type Changes = Pick<typeof media, 'changes'>;
const brokers: ServiceBroker[] = [];
afterEach(() => Promise.all(brokers.splice(0).map((broker) => broker.stop())));

/** A broker whose media has one asset, which changed once. `read` tells since when changes were asked for. */
async function withMedia({ mesh = false, assets = 1 } = {}) {
  const read: (string | null)[] = [];
  const broker = new ServiceBroker({ logger: false, validator: false, ...(mesh && { transporter: 'Fake' }) });
  brokers.push(broker);
  broker.createService({ name: 'tags', actions: implement<Pick<typeof tags, 'rows'>>({ rows: tags.rows }, { rows: () => [] }) });
  const changes = implement<Changes>(
    { changes: media.changes },
    {
      changes(ctx) {
        read.push(ctx.params.since ?? null);
        const found = Array.from({ length: assets }, (_, number) => asset(`a${number}`));
        return { assets: found, deleted: [], mark: assets > 0 ? '5000:a0' : null, more: false };
      },
    },
  );
  broker.createService({ name: 'media', actions: changes });
  await broker.start();
  return { broker, read };
}

/** An index that can be lost, and counts how often its mark was asked for. */
function memory() {
  const state = { docs: [] as SearchDoc[], mark: null as string | null, asked: 0 };
  const index: Partial<SearchIndex> = {
    async put(docs) {
      state.docs.push(...docs);
    },
    async mark() {
      state.asked += 1;
      return state.mark;
    },
    async setMark(mark) {
      state.mark = mark;
    },
  };
  return { state, index: index as SearchIndex };
}

it('reads the records once for all who wait for the same', async () => {
  const { broker, read } = await withMedia({ assets: 0 });
  const feeder = indexFeeder(broker, memory().index, () => []);
  await Promise.all(Array.from({ length: 20 }, () => feeder.feed()));
  expect(read).toHaveLength(1);
});

it.each([0, 1])(
  'asks an index of its own for its mark once, so that one at rest is not woken (with %d assets)',
  async (assets) => {
    const { broker } = await withMedia({ assets });
    const { state, index } = memory();
    const feeder = indexFeeder(broker, index, () => []);
    for (let round = 0; round < 3; round++) await feeder.feed();
    expect(state.asked).toBe(1);
    expect(state.docs).toHaveLength(assets);
  },
);

describe('an index that a mesh shares', () => {
  it('goes on from where another node has brought it', async () => {
    const { broker, read } = await withMedia({ mesh: true });
    const { state, index } = memory();
    const feeder = indexFeeder(broker, index, () => []);
    await feeder.feed();
    state.mark = state.mark!.replace('5000:a0', '9000:b');
    await feeder.feed();
    expect(read).toEqual([null, '7000:b']);
  });

  it('is fed from the beginning after it was lost, what was written lately included', async () => {
    const { broker, read } = await withMedia({ mesh: true });
    const { state, index } = memory();
    const feeder = indexFeeder(broker, index, () => []);
    await feeder.feed();
    expect(await feeder.feed()).toBe(0);
    Object.assign(state, { docs: [], mark: null });
    expect(await feeder.feed()).toBe(1);
    expect(read).toEqual([null, '3000:a0', null]);
    expect(state.docs).toMatchObject([{ id: 'a0' }]);
  });
});
