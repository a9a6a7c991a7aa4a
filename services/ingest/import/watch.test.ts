import { randomUUID } from 'node:crypto';
import { type Context, ServiceBroker } from 'moleculer';
import { until } from '../../../test/fixtures/until.ts';
import { events } from '../../contracts/event.ts';
import { watchAssets } from './watch.ts';

const brokers: ServiceBroker[] = [];
afterEach(() => Promise.all(brokers.splice(0).map((broker) => broker.stop())));

/** What assets are found in by whoever looks. */
let states: (ids: string[]) => { id: string; state: string }[];
beforeEach(() => {
  states = (ids) => ids.map((id) => ({ id, state: 'processing' }));
});

/** Nodes of a mesh; the first has assets that never settle by themselves. */
async function mesh(size: number): Promise<ServiceBroker[]> {
  const namespace = randomUUID();
  const nodes = Array.from(
    { length: size },
    () => new ServiceBroker({ nodeID: randomUUID(), namespace, transporter: 'Fake', logger: false }),
  );
  brokers.push(...nodes);
  nodes[0]!.createService({ name: 'media', actions: { many: (ctx: Context<{ ids: string[] }>) => states(ctx.params.ids) } });
  await Promise.all(nodes.map((node) => node.start()));
  await Promise.all(nodes.map((node) => node.waitForServices('media')));
  return nodes;
}

it('tells each of several importing nodes of the same asset that it has settled', async () => {
  const [one, two] = (await mesh(2)) as [ServiceBroker, ServiceBroker];
  await using first = await watchAssets(one);
  await using second = await watchAssets(two);
  const { signal } = new AbortController();
  const settled = [first.settled('a', signal), second.settled('a', signal)];
  await until(
    'both listen',
    () => one.registry.events.list({}).filter(({ name }) => name === events.assetChanged.name).length >= 2,
  );
  await one.emit(events.assetChanged.name, { id: 'a', rev: 2, state: 'ready' });
  expect(await Promise.all(settled)).toEqual(['ready', 'ready']);
});

it('ends a wait for an asset that is deleted, and one that is given up', async () => {
  const [node] = (await mesh(1)) as [ServiceBroker];
  await using watch = await watchAssets(node);
  const controller = new AbortController();
  const waits = [watch.settled('a', controller.signal), watch.settled('b', controller.signal)];
  await node.emit(events.assetDeleted.name, { id: 'a', rev: 2 });
  controller.abort();
  expect(await Promise.all(waits)).toEqual([undefined, undefined]);
});

it('finds by a look from time to time what no event told, also after nobody has answered', async () => {
  const [node] = (await mesh(1)) as [ServiceBroker];
  await using watch = await watchAssets(node, { lookEveryMs: 5 });
  const { signal } = new AbortController();
  const waits = [watch.settled('a', signal), watch.settled('gone', signal)];
  let failed = 0;
  states = () => {
    failed += 1;
    throw new Error('away');
  };
  await until('it fails twice', () => failed > 1);
  states = (ids) => ids.filter((id) => id === 'a').map((id) => ({ id, state: 'degraded' }));
  expect(await Promise.all(waits)).toEqual(['degraded', undefined]);
});

it('looks at those that it looked at least lately, and at so many at once as may be asked for', async () => {
  const [node] = (await mesh(1)) as [ServiceBroker];
  await using watch = await watchAssets(node, { lookEveryMs: 5 });
  const { signal } = new AbortController();
  const ids = Array.from({ length: 1200 }, (_, n) => `a${n}`);
  const waits = ids.map((id) => watch.settled(id, signal));
  const looks: string[][] = [];
  states = (asked) => {
    if (asked.length > 1) looks.push(asked);
    return asked.map((id) => ({ id, state: looks.length > 3 ? 'ready' : 'processing' }));
  };
  expect(new Set(await Promise.all(waits))).toEqual(new Set(['ready']));
  expect(new Set(looks.slice(0, 3).flat()).size).toBe(1200);
  expect(Math.max(...looks.map(({ length }) => length))).toBe(500);
});
