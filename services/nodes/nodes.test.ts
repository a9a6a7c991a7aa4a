import { randomUUID } from 'node:crypto';
import { ServiceBroker } from 'moleculer';
import { manifest } from '../../test/fixtures/manifest.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import { until } from '../../test/fixtures/until.ts';
import { call } from '../contracts/contract.ts';
import { nodes } from '../contracts/nodes.ts';
import { toMeshNode } from './known.ts';
import service from './nodes.service.ts';

const brokers: ServiceBroker[] = [];
afterEach(() => Promise.all(brokers.splice(0).map((broker) => broker.stop())));

const namespace = randomUUID();
async function node(name: string, version: string, manifests: Manifest[] = [], role = 'worker') {
  const warned: string[] = [];
  const broker = new ServiceBroker({
    nodeID: name,
    namespace: `${namespace}-${expect.getState().currentTestName}`,
    transporter: 'Fake',
    metadata: { role, version, startedAt: 1000, slots: 2 },
    logger: { type: 'Console', options: {} },
    logLevel: 'fatal',
    validator: false,
  });
  brokers.push(broker);
  for (const one of manifests) broker.createService({ name: `enricher.${one.name}`, metadata: { manifest: one } });
  const created = broker.createService(service);
  created.logger.warn = (line: unknown) => void warned.push(String(line));
  await broker.start();
  return { broker, warned, list: async () => (await call(broker, nodes.list, {})).items };
}

describe('the nodes of a mesh', () => {
  it('are listed by any of them, each with what it told of itself', async () => {
    const edge = await node('edge', '1.0.0', [], 'edge');
    await node('worker', '1.0.0', [manifest('a')]);
    await until('both are listed', async () => (await edge.list()).length === 2);
    await until('the services of the worker are listed', async () => (await edge.list())[1]!.services.length === 2);
    expect(await edge.list()).toMatchObject([
      { id: 'edge', role: 'edge', services: ['nodes'], available: true, notes: [] },
      {
        id: 'worker',
        role: 'worker',
        version: '1.0.0',
        services: ['enricher.a', 'nodes'],
        slots: 2,
        since: '1970-01-01T00:00:01.000Z',
      },
    ]);
  });

  it('that are of another version or have another manifest are named, once in the log and in the notes', async () => {
    const { warned, list } = await node('core', '2.0.0', [manifest('a', { version: '2.0.0', resultVersion: 2 }), manifest('b')]);
    const old = await node('old', '1.0.0', [manifest('a')]);
    const same = await node('same', '2.0.0', [manifest('b', { config: { size: 7 } })]);
    await until('three warnings', () => warned.length >= 3);
    const notes = [
      'Vitrail 1.0.0, where 2.0.0 answers',
      'a: version 1.0.0, result version 1, where version 2.0.0, result version 2 is in force; it is given no work of it',
    ];
    const items = await list();
    expect(items.map(({ id }) => id)).toEqual(['core', 'old', 'same']);
    expect(items[1]!.notes).toEqual(notes);
    const other = [...items[0]!.notes, ...items[2]!.notes];
    expect(other).toEqual(['b: other options or outputs than those in force; it is given no work of it']);
    await old.broker.stop();
    await until('the stopped one is away', async () => !(await list())[1]!.available);
    await node('another', '2.0.0');
    await until('four are listed', async () => (await list()).length === 4);
    expect(warned.filter((line) => line.includes("'old'"))).toEqual(
      notes.map((note) => `Node 'old' disagrees with this one: ${note}`),
    );
    expect(new Set(warned).size).toBe(warned.length);
    expect(same.warned.some((line) => line.includes("'old'"))).toBe(true);
  });
});

describe('what a node tells of itself', () => {
  const standard = { version: '1.0.0', manifest: () => undefined };
  it('does no harm where it is nonsense', () => {
    const metadata = { role: 7, version: null, startedAt: 1e300, slots: -1 };
    expect(
      toMeshNode(
        { id: 'x', available: true, cpu: 1000, metadata, services: [{ name: '$node' }, { name: 'a', metadata: 5 }] },
        standard,
      ),
    ).toEqual({
      id: 'x',
      role: 'unknown',
      version: 'unknown',
      services: ['a'],
      load: null,
      slots: 0,
      since: '1970-01-01T00:00:00.000Z',
      available: true,
      notes: ['Vitrail unknown, where 1.0.0 answers'],
    });
    expect(toMeshNode({ id: 'x', available: false, metadata: 'text', services: 'none' }, standard)).toMatchObject({
      services: [],
    });
  });

  it('counts as a manifest only where the service is that enricher’s', () => {
    const services = [{ name: 'other', metadata: { manifest: manifest('a') } }];
    const inForce = { version: '1.0.0', manifest: () => manifest('a', { version: '9.0.0' }) };
    const metadata = { role: 'worker', version: '1.0.0', startedAt: 0, slots: 1 };
    expect(toMeshNode({ id: 'x', available: true, metadata, services }, inForce).notes).toEqual([]);
  });
});
