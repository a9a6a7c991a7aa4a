import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBroker } from 'moleculer';
import { loadConfig } from '../../config/index.ts';
import { ports, type Ports } from '../../config/ports.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { call } from '../contracts/contract.ts';
import { tags } from '../contracts/tags.ts';
import service from './tags.service.ts';

let folder: string;
let nodes: ServiceBroker[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-tags-'));
  const namespace = randomUUID();
  const close = async () => undefined;
  const open = async (): Promise<Ports> => {
    const records = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
    return { records, blobs: { close }, search: { close }, channel: { close } } as unknown as Ports;
  };
  nodes = ['one', 'two'].map((name) => {
    const middlewares = [ports(loadConfig({}), open)];
    const options = {
      nodeID: `${name}-${namespace}`,
      namespace,
      transporter: 'Fake',
      logger: false,
      validator: false,
      middlewares,
    };
    const broker = new ServiceBroker(options as never);
    broker.createService(service);
    const search = { tagUse: () => ({ items: [] }), feed: () => ({ fed: 0 }), tagged: () => ({ ids: [], next: null }) };
    broker.createService({ name: 'search', actions: search });
    return broker;
  });
  for (const node of nodes) await node.start();
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await rm(folder, { recursive: true, force: true });
});

it('two changes on two nodes at the same time make no circle', async () => {
  const [one, two] = nodes as [ServiceBroker, ServiceBroker];
  for (const pair of ['1', '2', '3']) {
    await call(one, tags.create, { name: `a${pair}` });
    await call(two, tags.create, { name: `b${pair}` });
    const changes = await Promise.allSettled([
      call(one, tags.edit, { tag: `a${pair}`, parent: `b${pair}` }),
      call(two, tags.edit, { tag: `b${pair}`, parent: `a${pair}` }),
    ]);
    expect(changes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(changes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { type: 'tag.circle' } });
  }
});
