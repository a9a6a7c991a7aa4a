import { randomUUID } from 'node:crypto';
import { ServiceBroker, type ServiceSchema } from 'moleculer';
import { emit, events } from '../services/contracts/event.ts';
import { tags, type TagRow } from '../services/contracts/tags.ts';
import { until } from '../test/fixtures/enricher-pool.ts';
import { implement } from './implement.ts';
import { tagCatalogOf, tagListener } from './tag-catalog.ts';
import { tagKey } from './tag-names.ts';

const namespace = randomUUID();
const brokers: ServiceBroker[] = [];
async function node(...services: ServiceSchema[]): Promise<ServiceBroker> {
  const broker = new ServiceBroker({
    nodeID: randomUUID(),
    namespace: `${namespace}-${expect.getState().currentTestName}`,
    transporter: 'Fake',
    logger: false,
    validator: false,
  });
  brokers.push(broker);
  for (const service of services) broker.createService(service);
  await broker.start();
  return broker;
}
afterEach(() => Promise.all(brokers.splice(0).map((broker) => broker.stop())));

/** The tags service without anything behind it. */
function fakeTags(rows: Map<string, TagRow>, asked: (string[] | undefined)[] = []): ServiceSchema {
  const actions = implement<Pick<typeof tags, 'rows' | 'learn'>>(
    { rows: tags.rows, learn: tags.learn },
    {
      rows(ctx) {
        const { ids, after, limit } = ctx.params;
        asked.push(ids);
        const all = [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
        return ids ? all.filter(({ id }) => ids.includes(id)) : all.filter(({ id }) => id > after).slice(0, limit);
      },
      learn(ctx) {
        const learned = ctx.params.names.map((name) => ({ id: tagKey(name), name }));
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
  expect([names.size, asked.length]).toEqual([5001, 2]);
  await catalog.learn(['T1', 't2', 'New']);
  expect([names.canonical('NEW'), rows.size]).toEqual(['New', 5002]);
  expect(await catalog.names()).toBe(names);
});

it('reads again what another node changed, once per node', async () => {
  const rows = rowsOf({ id: 'dog', name: 'dog' }, { id: 'sea', name: 'sea' });
  const asked: (string[] | undefined)[] = [];
  const home = await node(fakeTags(rows, asked), listener('media'));
  const away = await node(listener('media'), listener('search'));
  await until(() => knows(away, 'tags') && knows(home, 'search'));
  const names = await tagCatalogOf(away).names();
  await tagCatalogOf(home).names();
  rows.set('dog', { id: 'dog', name: 'dog', into: 'hund' });
  rows.set('hund', { id: 'hund', name: 'Hund' });
  rows.delete('sea');
  asked.length = 0;
  await emit(home, events.tagsChanged, { names: ['Dog', 'Hund', 'sea'] });
  await until(() => names.canonical('dog') === 'Hund');
  expect(names.row('sea')).toBeUndefined();
  expect(asked).toEqual([['dog', 'hund', 'sea']]);
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
