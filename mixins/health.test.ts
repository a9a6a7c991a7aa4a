import { once } from 'node:events';
import { createServer } from 'node:net';
import { ServiceBroker } from 'moleculer';
import { loadConfig } from '../config/index.ts';
import { ports, type OnWaiting, type Ports } from '../config/ports.ts';
import { freePort } from '../test/fixtures/free-port.ts';
import { health } from './health.ts';

let broker: ServiceBroker;
let port: number;
let there: PromiseWithResolvers<Ports>;
let waiting: Promise<OnWaiting>;
beforeEach(async () => {
  port = await freePort();
  there = Promise.withResolvers<Ports>();
  const asked = Promise.withResolvers<OnWaiting>();
  waiting = asked.promise;
  const open = (_config: unknown, onWaiting: OnWaiting) => {
    asked.resolve(onWaiting);
    return there.promise;
  };
  broker = new ServiceBroker({
    nodeID: 'node-1',
    logger: false,
    middlewares: [health({ host: '127.0.0.1', port, version: '1.2.3' }), ports(loadConfig({}), open)],
  });
});
afterEach(() => broker.stop());

const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
const opened = { names: [], [Symbol.asyncDispose]: async () => undefined } as unknown as Ports;

it('answers from before the servers are there until the node has stopped', async () => {
  const start = broker.start();
  const onWaiting = await waiting;
  onWaiting('MongoDB', 'refused');
  onWaiting('OpenSearch', 'refused');
  expect(await (await ask('/health')).json()).toMatchObject({ status: 'ok', version: '1.2.3', nodeID: 'node-1' });
  const before = await ask('/ready');
  expect([before.status, before.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await before.json()).toEqual({
    status: 'not-ready',
    reasons: ['server: is starting', 'MongoDB: refused', 'OpenSearch: refused'],
  });
  onWaiting('MongoDB');
  expect(await (await ask('/ready')).json()).toMatchObject({ reasons: ['server: is starting', 'OpenSearch: refused'] });
  there.resolve(opened);
  await start;
  const after = await ask('/ready?verbose');
  expect([after.status, await after.json()]).toEqual([200, { status: 'ready' }]);
  await broker.stop();
  await expect(ask('/health')).rejects.toThrow('fetch failed');
});

it('answers HEAD without a body, and nothing at any other address or by any other method', async () => {
  there.resolve(opened);
  await broker.start();
  const head = await ask('/ready', 'HEAD');
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '18', '']);
  for (const [path, method] of [['/'], ['/healthy'], ['/api/assets'], ['/ready', 'POST'], ['/health', 'DELETE']])
    expect((await ask(path!, method)).status).toBe(404);
  expect(head.headers.get('cache-control')).toBe('no-store');
});

it('stops the start where its port is taken', async () => {
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  await expect(broker.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  other.close();
});
