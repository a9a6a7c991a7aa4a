import { randomUUID } from 'node:crypto';
import { ServiceBroker } from 'moleculer';
import { catalogOf } from '../../mixins/catalog.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import { until } from '../../test/fixtures/until.ts';
import { hostsOf, inFlightOf, isHosted } from './hosts.ts';

const brokers: ServiceBroker[] = [];
afterEach(() => Promise.all(brokers.splice(0).map((broker) => broker.stop())));

interface Node {
  slots?: number | string;
  enrichers?: Record<string, string>;
  pipeline?: boolean;
}
/** Nodes of one mesh, each knowing all services of the others. */
async function mesh(...nodes: Node[]): Promise<ServiceBroker[]> {
  const namespace = randomUUID();
  const made = nodes.map(({ slots, enrichers = {}, pipeline }, index) => {
    const metadata = slots === undefined ? {} : { slots };
    const broker = new ServiceBroker({
      nodeID: `${index}-${namespace}`,
      namespace,
      transporter: 'Fake',
      logger: false,
      metadata,
    });
    for (const [name, version] of Object.entries(enrichers))
      broker.createService({
        name: `enricher.${name}`,
        metadata: { manifest: manifest(name, { version }) },
        actions: { enrich: () => ({}) },
      });
    if (pipeline) broker.createService({ name: 'pipeline' });
    return broker;
  });
  brokers.push(...made);
  const catalogs = made.map(catalogOf);
  await Promise.all(made.map((broker) => broker.start()));
  const services = nodes.reduce(
    (sum, { enrichers = {}, pipeline }) => sum + Object.keys(enrichers).length + (pipeline ? 1 : 0),
    0,
  );
  const seen = (broker: ServiceBroker) => broker.registry.getServiceList({ onlyAvailable: true, skipInternal: true }).length;
  await until('every node sees all services', () => made.every((broker) => seen(broker) === services));
  await until('every node knows enrichers', () => catalogs.every((catalog) => catalog.manifests().length > 0));
  return made;
}
const short = (found: { nodeID: string; slots: number }[]) => found.map(({ nodeID, slots }) => [nodeID[0], slots]).sort();

it('the hosts of an enricher are the nodes with the version in force, with their slots; one where nothing is told', async () => {
  const [core] = await mesh(
    { pipeline: true },
    { slots: 4, enrichers: { a: '2.0.0' } },
    { slots: 'many', enrichers: { a: '2.0.0', b: '1.0.0' } },
    { slots: 8, enrichers: { a: '1.0.0' } },
  );
  const catalog = catalogOf(core!);
  await until('a has two hosts', () => catalog.hosts('a').length === 2);
  expect(short(hostsOf(core!, catalog, 'a'))).toEqual([
    ['1', 4],
    ['2', 1],
  ]);
  expect(hostsOf(core!, catalog, 'c')).toEqual([]);
  expect([isHosted(core!, 'a'), isHosted(core!, 'c')]).toEqual([true, false]);
});

it('a host whose breaker is open rests', async () => {
  const [core, worker] = await mesh({ pipeline: true }, { slots: 1, enrichers: { a: '1.0.0' } });
  const catalog = catalogOf(core!);
  await until('a has a host', () => hostsOf(core!, catalog, 'a').length === 1);
  const endpoint = core!.registry.getActionEndpointByNodeId('enricher.a.enrich', worker!.nodeID) as { state: boolean };
  endpoint.state = false;
  expect(hostsOf(core!, catalog, 'a')).toEqual([]);
});

it('a node of the pipeline has its share of what keeps every slot of the mesh busy in work, and never nothing', async () => {
  const [one, two] = await mesh(
    { pipeline: true },
    { pipeline: true },
    { slots: 5, enrichers: { a: '1.0.0', b: '1.0.0' } },
    { slots: 2, enrichers: { b: '1.0.0' } },
  );
  for (const core of [one!, two!]) {
    await until('b has two hosts', () => catalogOf(core).hosts('b').length === 2);
    expect(inFlightOf(core, catalogOf(core))).toBe(7);
  }
  const [alone] = await mesh({ pipeline: true, enrichers: { a: '1.0.0' }, slots: 1000 });
  expect(inFlightOf(alone!, catalogOf(alone!))).toBe(256);
});
