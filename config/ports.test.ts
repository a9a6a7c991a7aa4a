import { ServiceBroker } from 'moleculer';
import { loadConfig } from './index.ts';
import { configOf, type Ports, ports, portsOf } from './ports.ts';

const config = loadConfig({});

/** Ports that do nothing but say that they were closed. */
function fakePorts(log: string[]): Ports {
  const port = (name: string) => ({
    async close() {
      log.push(`${name} closed`);
    },
  });
  return { blobs: port('blobs'), records: port('records'), search: port('search'), channel: port('channel') } as Ports;
}

const brokerWith = (open: () => Promise<Ports & Partial<AsyncDisposable>>): ServiceBroker =>
  new ServiceBroker({ logger: false, middlewares: [ports(config, open)] });

describe('the ports middleware', () => {
  it('opens the ports before any service starts and closes them after the last has stopped', async () => {
    const log: string[] = [];
    const opened = fakePorts(log);
    const broker = brokerWith(async () => {
      log.push('opened');
      return opened;
    });
    broker.createService({
      name: 'guest',
      started() {
        expect(portsOf(broker)).toBe(opened);
        log.push('service started');
        return Promise.resolve();
      },
      async stopped() {
        await portsOf(broker).channel.stats?.();
        log.push('service stopped');
      },
    });
    await broker.start();
    await broker.stop();
    expect(log.slice(0, 3)).toEqual(['opened', 'service started', 'service stopped']);
    expect(log.slice(3).sort()).toEqual(['blobs closed', 'channel closed', 'records closed', 'search closed']);
    expect(() => portsOf(broker)).toThrow('open only between');
  });

  it('leaves closing to ports that know how', async () => {
    const log: string[] = [];
    const broker = brokerWith(async () => ({
      ...fakePorts(log),
      async [Symbol.asyncDispose]() {
        log.push('all closed');
      },
    }));
    await broker.start();
    await broker.stop();
    await broker.stop();
    expect(log).toEqual(['all closed']);
  });

  it('stops the start where the ports cannot be opened', async () => {
    const broker = brokerWith(() => Promise.reject(new Error('no disk')));
    await expect(broker.start()).rejects.toThrow('no disk');
    await broker.stop();
  });

  it('has the configuration from the moment the broker is made', () => {
    expect(configOf(brokerWith(() => Promise.reject(new Error('not yet'))))).toBe(config);
    expect(() => configOf(new ServiceBroker({ logger: false }))).toThrow('ports middleware');
  });
});
