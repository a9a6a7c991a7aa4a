import { randomUUID } from 'node:crypto';
import { type Logger, ServiceBroker, type ServiceSchema } from 'moleculer';
import { loadConfig } from '../config/index.ts';
import { ports, type Ports } from '../config/ports.ts';
import { emit, events } from '../services/contracts/event.ts';
import { tagLimits } from '../services/contracts/tag-limits.ts';
import { tags, type TagRow } from '../services/contracts/tags.ts';
import { until } from '../test/fixtures/until.ts';
import { implement } from './implement.ts';
import { tagCatalogOf } from './tag-catalog.ts';
import { tagKey } from './tag-key.ts';
import { tagListener } from './tag-listener.ts';

const closed = { close: () => Promise.resolve() };
const noPorts = { blobs: closed, records: closed, search: closed, channel: closed } as unknown as Ports;
const namespace = randomUUID();
let reconcileSeconds: string;
beforeEach(() => (reconcileSeconds = '3600'));
const brokers: ServiceBroker[] = [];
async function node(...services: ServiceSchema[]): Promise<ServiceBroker> {
  const broker = new ServiceBroker({
    nodeID: randomUUID(),
    namespace: `${namespace}-${expect.getState().currentTestName}`,
    transporter: 'Fake',
    logger: false,
    validator: false,
    middlewares: [ports(loadConfig({ VITRAIL_RECONCILE_SECONDS: reconcileSeconds }), () => Promise.resolve(noPorts))],
  });
  brokers.push(broker);
  for (const service of services) broker.createService(service);
  await broker.start();
  return broker;
}
afterEach(() => Promise.all(brokers.splice(0).map((broker) => broker.stop())));

/** The tags service without anything behind it. */
function fakeTags(rows: Map<string, TagRow>, asked: (string[] | undefined)[] = [], batches: string[][] = []): ServiceSchema {
  const actions = implement<Pick<typeof tags, 'rows' | 'learn'>>(
    { rows: tags.rows, learn: tags.learn },
    {
      rows(ctx) {
        const { ids, after, limit } = ctx.params;
        asked.push(ids);
        if (ids) return ids.flatMap((id) => rows.get(id) ?? []);
        const later = [...rows.values()].filter(({ id }) => id > after);
        return later.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
      },
      learn(ctx) {
        batches.push(ctx.params.names);
        const room = tagLimits.catalogue - rows.size;
        const learned = ctx.params.names.slice(0, room).map((name) => ({ id: tagKey(name), name }));
        for (const row of learned) rows.set(row.id, row);
        return learned;
      },
    },
  );
  return { name: 'tags', actions };
}
const rowsOf = (...rows: TagRow[]) => new Map(rows.map((row) => [row.id, row]));
const knows = (broker: ServiceBroker, service: string): boolean =>
  broker.registry.getServiceList({ onlyAvailable: true }).some(({ name }) => name === service);
const listener = (name: string): ServiceSchema => ({ name, mixins: [tagListener] });

it('reads the whole catalogue once, page by page, and learns only what it does not know', async () => {
  const rows = rowsOf(...Array.from({ length: 5001 }, (_, i) => ({ id: `t${i}`, name: `T${i}` })));
  const asked: (string[] | undefined)[] = [];
  const catalog = tagCatalogOf(await node(fakeTags(rows, asked)));
  const names = await catalog.names();
  expect([names.size, asked.length]).toEqual([5001, 6]);
  await catalog.learn(['T1', 't2', 'New']);
  expect([names.canonical('NEW'), rows.size]).toEqual(['New', 5002]);
  expect(await catalog.names()).toBe(names);
});

it('reads again what another node changed, once per node', async () => {
  const rows = rowsOf({ id: 'dog', name: 'dog' }, { id: 'sea', name: 'sea' });
  const asked: (string[] | undefined)[] = [];
  const home = await node(fakeTags(rows, asked), listener('media'));
  const away = await node(listener('media'), listener('search'));
  await until('the nodes know each other', () => knows(away, 'tags') && knows(home, 'search'));
  const names = await tagCatalogOf(away).names();
  await tagCatalogOf(home).names();
  rows.set('dog', { id: 'dog', name: 'dog', into: 'hund' });
  rows.set('hund', { id: 'hund', name: 'Hund' });
  rows.delete('sea');
  asked.length = 0;
  await emit(home, events.tagsChanged, { names: ['Dog', 'Hund', 'sea'] });
  await until('dog is Hund there', () => names.canonical('dog') === 'Hund');
  expect(names.row('sea')).toBeUndefined();
  expect(asked.filter((ids) => ids !== undefined)).toEqual([['dog', 'hund', 'sea']]);
});

it.each([
  ['all of it when a change names none, which means all', true, '3600'],
  ['all of it by the clock, should the news of a change be lost', false, '1'],
])('reads again %s', async (_, told, seconds) => {
  reconcileSeconds = seconds;
  const rows = rowsOf({ id: 'dog', name: 'dog' }, { id: 'sea', name: 'sea' });
  const home = await node(fakeTags(rows));
  const away = await node(listener('media'));
  await until('the nodes know each other', () => knows(away, 'tags') && knows(home, 'media'));
  const names = await tagCatalogOf(away).names();
  rows.set('dog', { id: 'dog', name: 'dog', into: 'hund' });
  rows.set('hund', { id: 'hund', name: 'Hund' });
  rows.delete('sea');
  if (told) await emit(home, events.tagsChanged, { names: [] });
  await until('dog is Hund there, and sea is gone', () => names.canonical('dog') === 'Hund' && names.row('sea') === undefined);
  expect(await tagCatalogOf(away).reread()).toBe(0);
});

it('learns each of very many names once, by its key, at most a thousand at a time', async () => {
  const batches: string[][] = [];
  const catalog = tagCatalogOf(await node(fakeTags(rowsOf({ id: 'known', name: 'known' }), [], batches)));
  const used = Array.from({ length: 1200 }, (_, i) => `Name ${i}`);
  await catalog.learn([...used, ...used.map((name) => name.toUpperCase()), 'KNOWN']);
  expect(batches.map(({ length }) => length)).toEqual([1000, 200]);
  expect((await catalog.names()).size).toBe(1201);
  await catalog.refresh(used);
  await catalog.learn(used);
  expect(batches).toHaveLength(2);
});

it('says once that the catalogue is full, and asks it no more then', async () => {
  const rows = rowsOf(...Array.from({ length: tagLimits.catalogue - 1 }, (_, i) => ({ id: `t${i}`, name: `t${i}` })));
  const batches: string[][] = [];
  const broker = await node(fakeTags(rows, [], batches));
  const warned: unknown[] = [];
  broker.getLogger = () => ({ warn: (...words: unknown[]) => warned.push(words) }) as unknown as Logger;
  const catalog = tagCatalogOf(broker);
  await catalog.learn(['a', 'b']);
  await catalog.learn(['c']);
  await catalog.learn(['d']);
  expect(batches).toEqual([['a', 'b']]);
  expect(warned).toEqual([[expect.stringContaining('full')]]);
});

it('counts the names that it learns later, and does not list them', async () => {
  const { rows } = fakeTags(rowsOf()).actions as Record<string, object>;
  const broker = await node({ name: 'tags', actions: { rows: rows as never } });
  const warned: unknown[][] = [];
  broker.getLogger = () => ({ warn: (...words: unknown[]) => warned.push(words) }) as unknown as Logger;
  await tagCatalogOf(broker).learn(['one', 'ONE', 'two']);
  expect(warned.map(([, what]) => what)).toEqual([{ names: 2 }]);
});

it('comes when the tags service does, and says so until then', async () => {
  const broker = await node();
  const catalog = tagCatalogOf(broker);
  await expect(catalog.names()).rejects.toThrow('tags.rows');
  broker.createService(fakeTags(rowsOf({ id: 'a', name: 'A' })));
  await broker.waitForServices('tags');
  expect((await catalog.names()).canonical('a')).toBe('A');
});

it('goes on with names as they are while the catalogue cannot learn them', async () => {
  const { rows } = fakeTags(rowsOf()).actions as Record<string, object>;
  const broker = await node({ name: 'tags', actions: { rows: rows as never } });
  await expect(tagCatalogOf(broker).learn(['x'])).resolves.toBeUndefined();
  expect((await tagCatalogOf(broker).names()).canonical('x')).toBe('x');
});
