import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { ServiceBroker } from 'moleculer';
import { until } from '../test/fixtures/until.ts';
import { isAlive, runnerOf } from './liveness.ts';
import { isConnected, knowsOthers, meshLink } from './mesh-link.ts';

const brokers: ServiceBroker[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(brokers.splice(0).map((broker) => broker.stop()));
});
const namespace = randomUUID();
function node(alone = false): ServiceBroker {
  const transporter = alone ? null : 'Fake';
  const broker = new ServiceBroker({ nodeID: randomUUID(), namespace, transporter, logger: false, middlewares: [meshLink] });
  brokers.push(broker);
  return broker;
}
/** Lets so many ms go by, as far as anybody can tell. */
function pass(ms: number): void {
  const now = performance.now() + ms;
  jest.spyOn(performance, 'now').mockReturnValue(now);
}

it('a process that is alone hears all there are', async () => {
  const broker = node(true);
  expect([isConnected(broker), knowsOthers(broker), isAlive(broker, 'another/one')]).toEqual([true, true, false]);
});

it('a node of a mesh knows the others some time after it has been connected, and not while it is not', async () => {
  const broker = node();
  expect([isConnected(broker), knowsOthers(broker)]).toEqual([false, false]);
  await broker.start();
  expect([isConnected(broker), knowsOthers(broker)]).toEqual([true, false]);
  pass(11_000);
  expect(knowsOthers(broker)).toBe(true);
  void broker.broadcastLocal('$transporter.disconnected', {});
  expect([isConnected(broker), knowsOthers(broker)]).toEqual([false, false]);
});

it('follows a client that loses its server and finds it again by itself', async () => {
  const broker = node();
  const said: ((type: string) => void)[] = [];
  async function* status() {
    for (;;) yield { type: await new Promise<string>((say) => said.push(say)) };
  }
  Object.assign(broker.transit!.tx, { client: { status } });
  await broker.start();
  const say = async (type: string) => {
    await until('the link listens to the client', () => said.length > 0);
    said.shift()!(type);
  };
  pass(11_000);
  expect(knowsOthers(broker)).toBe(true);
  await say('disconnect');
  await until('the link is broken', () => !isConnected(broker));
  await say('reconnect');
  await until('the link is made again', () => isConnected(broker));
  expect(knowsOthers(broker)).toBe(false);
  pass(11_000);
  expect(knowsOthers(broker)).toBe(true);
});

it('takes nobody for dead whom it could not have heard, and itself never', async () => {
  const [one, two] = [node(), node()];
  await Promise.all([one.start(), two.start()]);
  await until('the one knows the other', () => one.registry.nodes.get(two.nodeID)?.available ?? false);
  expect(isAlive(one, 'never/heard-of')).toBe(true);
  pass(11_000);
  expect([isAlive(one, 'never/heard-of'), isAlive(one, runnerOf(two)), isAlive(one, runnerOf(one))]).toEqual([false, true, true]);
  await two.stop();
  await until('the other is taken for dead', () => !isAlive(one, runnerOf(two)));
  void one.broadcastLocal('$transporter.disconnected', {});
  expect(isAlive(one, runnerOf(two))).toBe(true);
});
