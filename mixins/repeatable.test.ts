import { randomUUID } from 'node:crypto';
import { ServiceBroker } from 'moleculer';
import { z } from 'zod';
import { until } from '../test/fixtures/until.ts';
import { retryPolicy } from '../config/mesh.ts';
import { call, contract } from '../services/contracts/contract.ts';
import { implement } from './implement.ts';

const Count = z.strictObject({ count: z.codec(z.string(), z.number(), { decode: Number, encode: String }) });
const counts = contract('counts', {
  read: { rest: 'GET /counts', params: Count, result: z.string() },
  set: { rest: 'PUT /counts', params: Count, result: z.string() },
  add: { rest: 'POST /counts', params: Count, result: z.string() },
  drop: { rest: 'DELETE /counts', params: Count, result: z.string() },
  inside: { params: Count, result: z.string() },
  relay: { rest: 'GET /relay', params: Count, result: z.string() },
});
type Key = keyof typeof counts;

const brokers: ServiceBroker[] = [];
afterEach(() => Promise.all(brokers.splice(0).map((broker) => broker.stop())));

/** A node that asks, and two that could answer: whichever is asked first goes away before it does. */
async function mesh(): Promise<{ ask: (key: Key) => Promise<string>; asked: string[] }> {
  const namespace = randomUUID();
  const asked: string[] = [];
  const node = (name: string): ServiceBroker => {
    const broker = new ServiceBroker({
      namespace,
      nodeID: `${name}-${namespace}`,
      transporter: 'Fake',
      logger: false,
      retryPolicy,
    });
    brokers.push(broker);
    return broker;
  };
  const asker = node('asker');
  for (const host of [node('one'), node('two')]) {
    const answer = ({ params }: { params: { count: number } }): Promise<string> | string => {
      asked.push(host.nodeID);
      if (asked.length > 1) return `${typeof params.count} ${params.count}`;
      queueMicrotask(() => asker.registry.nodes.disconnected(host.nodeID, true));
      return new Promise(() => undefined);
    };
    const { relay: _, ...direct } = counts;
    const actions = Object.fromEntries(Object.keys(direct).map((key) => [key, answer])) as Record<
      keyof typeof direct,
      typeof answer
    >;
    host.createService({ name: 'counts', actions: implement(direct, actions) });
  }
  asker.createService({
    name: 'relays',
    // Tried by itself, too: it has parsed what it was asked.
    actions: implement({ relay: counts.relay }, { relay: (ctx) => call(ctx, counts.add, { count: String(ctx.params.count) }) }),
  });
  await Promise.all(brokers.map((broker) => broker.start()));
  await until('both are known', () => asker.registry.getActionEndpoints(counts.read.name)?.endpoints.length === 2);
  return {
    asked,
    ask: (key) => (key === 'relay' ? asker.call('relays.relay', { count: '7' }) : call(asker, counts[key], { count: '7' })),
  };
}

it.each(['read', 'set', 'relay'] as const)('%s: what was asked of a node that went away is asked of another', async (key) => {
  const { ask, asked } = await mesh();
  expect(await ask(key)).toBe('number 7');
  expect(new Set(asked).size).toBe(2);
});

it.each(['add', 'drop', 'inside'] as const)('%s: what may not be done twice is for who asked to know', async (key) => {
  const { ask, asked } = await mesh();
  await expect(ask(key)).rejects.toMatchObject({ name: 'RequestRejectedError' });
  expect(asked).toHaveLength(1);
});
