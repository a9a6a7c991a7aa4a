import { ServiceBroker } from 'moleculer';
import { loadConfig } from '../config/index.ts';
import { type Ports, ports } from '../config/ports.ts';
import { reasonsNotReady, readyWhen } from './readiness.ts';

const well = async () => null;
const failing = async () => {
  throw new Error('secret');
};
const close = async () => undefined;

/** A started broker over ports that answer, but for those given. */
async function started(some: object = {}): Promise<ServiceBroker> {
  const opened = {
    blobs: { stat: well, close },
    records: { ping: well, close },
    search: { count: async () => 0, close },
    channel: { stats: async () => ({}), close },
    ...some,
  } as unknown as Ports;
  const broker = new ServiceBroker({ logger: false, middlewares: [ports(loadConfig({}), () => Promise.resolve(opened))] });
  await broker.start();
  return broker;
}

let broker: ServiceBroker | undefined;
afterEach(() => broker?.stop());

describe('readiness', () => {
  it('has nothing to say when all is well', async () => {
    broker = await started();
    expect(await reasonsNotReady(broker)).toEqual([]);
  });
  it('waits for the broker, and names the server that this one waits for', async () => {
    const there = Promise.withResolvers<Ports>();
    const asked = Promise.withResolvers<void>();
    broker = new ServiceBroker({
      logger: false,
      middlewares: [
        ports(loadConfig({}), (_config, onWaiting) => {
          onWaiting('MongoDB', 'connection refused');
          asked.resolve();
          return there.promise;
        }),
      ],
    });
    const start = broker.start();
    await asked.promise;
    expect(await reasonsNotReady(broker)).toEqual(['server: is starting', 'MongoDB: connection refused']);
    there.resolve({ blobs: { stat: well, close }, names: ['blobs'], [Symbol.asyncDispose]: close } as unknown as Ports);
    await start;
    expect(await reasonsNotReady(broker)).toEqual([]);
  });
  it('names what services of the node wait for', async () => {
    broker = await started();
    const met = readyWhen(broker, () => ['action search.query: no node offers it']);
    expect(await reasonsNotReady(broker)).toEqual(['action search.query: no node offers it']);
    met();
    expect(await reasonsNotReady(broker)).toEqual([]);
  });
  it.each([
    ['blobs', { blobs: { stat: failing, close } }],
    ['records', { records: { ping: failing, close } }],
    ['search', { search: { count: failing, close } }],
    ['channel', { channel: { stats: failing, close } }],
  ])('names %s when it fails, and not why', async (name, broken) => {
    broker = await started(broken);
    expect(await reasonsNotReady(broker)).toEqual([`${name}: fails`]);
  });
  it('does not wait for a port for ever', async () => {
    broker = await started({ blobs: { stat: () => new Promise(() => undefined), close } });
    expect(await reasonsNotReady(broker)).toEqual([expect.stringMatching(/^blobs: no answer/)]);
  });
});
