import { jest } from '@jest/globals';
import { type ServiceBroker, ServiceBroker as Broker } from 'moleculer';
import { addressOf } from '../drivers/channel/jetstream/address.ts';
import { ownName, withServers } from '../test/fixtures/servers.ts';
import { gatherWrites, MeshTransporter } from './mesh-transporter.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('writes once for all packets of a turn of the event loop, and again for those of the next', async () => {
  let writes = 0;
  const outbound = { flushPending: () => void (writes += 1) };
  gatherWrites(outbound);
  outbound.flushPending();
  await Promise.resolve();
  outbound.flushPending();
  expect(writes).toBe(0);
  await turn();
  expect(writes).toBe(1);
  outbound.flushPending();
  await turn();
  expect(writes).toBe(2);
});

withServers(['jetstream'], ({ VITRAIL_NATS_URL: url }) => {
  /** What the client for NATS writes to its socket, under names of its own. */
  interface Inner {
    protocol: { transport: { send(frame: Uint8Array): void } };
  }

  it('tells other nodes of three events by one write', async () => {
    const namespace = ownName();
    const transporters = [0, 1].map(() => new MeshTransporter(addressOf(url)));
    const brokers = transporters.map(
      (transporter, k) => new Broker({ namespace, nodeID: `node-${k}`, logger: false, transporter }),
    );
    const [told, teller] = brokers as [ServiceBroker, ServiceBroker];
    const heard: string[] = [];
    const { promise: all, resolve } = Promise.withResolvers<void>();
    told.createService({
      name: 'listener',
      events: {
        'said.*': (ctx) => {
          heard.push(ctx.eventName ?? '');
          if (heard.length === 3) resolve();
        },
      },
    });
    try {
      await Promise.all(brokers.map((broker) => broker.start()));
      await teller.waitForServices('listener');
      const { transport } = (transporters[1]!.client as Inner).protocol;
      const send = jest.spyOn(transport, 'send');
      await turn();
      send.mockClear();
      void teller.emit('said.1');
      void teller.emit('said.2');
      await Promise.resolve();
      void teller.emit('said.3');
      await all;
      const written = send.mock.calls
        .map(([frame]) => Buffer.from(frame).toString('latin1'))
        .filter((text) => text.includes('said.'));
      expect(written).toHaveLength(1);
      expect(heard).toEqual(['said.1', 'said.2', 'said.3']);
    } finally {
      await Promise.all(brokers.map((broker) => broker.stop()));
    }
  });
});
