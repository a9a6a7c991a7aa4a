import type { ServiceBroker } from 'moleculer';
import type { Ports } from '../../config/ports.ts';
import { reasonsNotReady } from './health.ts';
import { actionRoutes } from './routes.ts';

const offering = (names: string[]) =>
  ({ getActionList: () => names.map((name) => ({ name })) }) as unknown as ServiceBroker['registry'];
const everything = actionRoutes.map(({ action }) => action.name);

const broker = (some: Partial<ServiceBroker> = {}): ServiceBroker =>
  ({ started: true, stopping: false, registry: offering(everything), ...some }) as unknown as ServiceBroker;
const ports =
  (some: object = {}) =>
  () =>
    ({
      blobs: { stat: async () => null },
      search: { count: async () => 0 },
      channel: { stats: async () => ({}) },
      ...some,
    }) as unknown as Ports;
const failing = async () => {
  throw new Error('secret');
};

describe('readiness', () => {
  it('has nothing to say when all is well', async () => {
    expect(await reasonsNotReady(broker(), ports())).toEqual([]);
  });
  it.each([[{ started: false }], [{ stopping: true }]])('waits for the broker: %j', async (state) => {
    const closed = () => {
      throw new Error('closed');
    };
    expect(await reasonsNotReady(broker(state), closed)).toHaveLength(1);
  });
  it('names an action that no node offers', async () => {
    const registry = offering(everything.filter((name) => name !== 'search.query'));
    expect(await reasonsNotReady(broker({ registry }), ports())).toEqual(['action search.query: no node offers it']);
  });
  it.each([
    ['blobs', { blobs: { stat: failing } }],
    ['search', { search: { count: failing } }],
    ['channel', { channel: { stats: failing } }],
  ])('names %s when it fails, and not why', async (name, broken) => {
    expect(await reasonsNotReady(broker(), ports(broken))).toEqual([`${name}: fails`]);
  });
  it('does not wait for a port for ever', async () => {
    const reasons = await reasonsNotReady(broker(), ports({ blobs: { stat: () => new Promise(() => undefined) } }));
    expect(reasons).toEqual([expect.stringMatching(/^blobs: no answer/)]);
  });
});
