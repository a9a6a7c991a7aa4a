import { randomUUID } from 'node:crypto';
import { ServiceBroker } from 'moleculer';
import { until } from '../test/fixtures/until.ts';
import { restartedNodes } from './restarted-nodes.ts';

const brokers: ServiceBroker[] = [];
afterEach(() => Promise.all(brokers.splice(0).map((broker) => broker.stop())));

it('what was asked of a process is rejected at once when another comes back under its name', async () => {
  const namespace = randomUUID();
  const node = (nodeID: string): ServiceBroker => {
    const options = { namespace, transporter: 'Fake', logger: false, requestTimeout: 0, middlewares: [restartedNodes] } as const;
    const broker = new ServiceBroker({ ...options, middlewares: [restartedNodes], nodeID: `${nodeID}-${namespace}` });
    brokers.push(broker);
    return broker;
  };
  const asker = node('asker');
  const first = node('worker');
  const begun = Promise.withResolvers<void>();
  const never = { never: () => (begun.resolve(), new Promise(() => undefined)), quick: () => 'well' };
  first.createService({ name: 'work', actions: never });
  await Promise.all([asker.start(), first.start()]);
  await asker.waitForServices('work');
  const pending = asker.call('work.never').then(
    () => 'answered',
    (error: unknown) => (error as Error).name,
  );
  await begun.promise;
  // It dies without a word: nobody hears of it until another process tells its name.
  await first.transit!.tx.disconnect();
  const second = node('worker');
  second.createService({ name: 'work', actions: never });
  await second.start();
  expect(await pending).toBe('RequestRejectedError');
  await until('the second is known', () => asker.registry.nodes.get(second.nodeID)?.instanceID === second.instanceID);
  expect(await asker.call('work.quick')).toBe('well');
  brokers.splice(brokers.indexOf(first), 1);
});
