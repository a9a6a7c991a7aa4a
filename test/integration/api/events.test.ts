import { emit, events } from '../../../services/contracts/event.ts';
import { until } from '../../fixtures/until.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { exchange, wire } from './wire.ts';

const a = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const b = '01BX5ZZKBKACTAV9WEVGEMMVRZ';

describe('events over HTTP', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const listen = async (query = '', headers = '') => {
    const { socket, received, closed } = await wire(
      gateway.port,
      `GET /api/events${query} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`,
    );
    await until('the stream has begun', () => received().includes('retry: '));
    return {
      socket,
      closed,
      received,
      ids: () =>
        [...received().matchAll(/id: (\S+)\nevent: (\S+)\ndata: (.*)\n\n/g)].map(([, id, name, data]) => ({
          id,
          name,
          data: JSON.parse(data ?? '') as unknown,
        })),
    };
  };
  const created = (id: string, rev = 1) => emit(gateway.broker, events.assetCreated, { id, rev });

  it('come as they happen, each with its name and an id of its own', async () => {
    const client = await listen();
    expect(client.received()).toMatch(/^HTTP\/1.1 200 [^]*Content-Type: text\/event-stream/);
    await created(a);
    await emit(gateway.broker, events.enrichmentDone, { assetId: b, enricher: 'palette', durationMs: 5 });
    await until('both', () => client.ids().length === 2);
    expect(client.ids()).toMatchObject([
      { name: 'asset.created.v1', data: { id: a, rev: 1 } },
      { name: 'enrichment.done.v1', data: { assetId: b, enricher: 'palette', durationMs: 5 } },
    ]);
    client.socket.destroy();
  });

  it('are of all kinds that there are', async () => {
    const client = await listen();
    for (const { name } of Object.values(events)) await gateway.broker.emit(name, { id: a, assetId: a });
    await until('all', () => client.ids().length === Object.keys(events).length);
    expect(client.ids().map(({ name }) => name)).toEqual(Object.values(events).map(({ name }) => name));
    client.socket.destroy();
  });

  it('can be those of one asset only', async () => {
    const client = await listen(`?asset=${b}`);
    await created(a);
    await emit(gateway.broker, events.tagsChanged, { names: ['dog'] });
    await emit(gateway.broker, events.enrichmentStarted, { assetId: b, enricher: 'palette', attempt: 1 });
    await until('one', () => client.ids().length === 1);
    expect(client.ids()).toMatchObject([{ name: 'enrichment.started.v1' }]);
    client.socket.destroy();
    expect((await fetch(`${gateway.base}/api/events?asset=nonsense`)).status).toBe(422);
  });

  it('can be those of a session, of a client, and of several of each, told once', async () => {
    const told = (id: string, origin: { session?: string; client?: string }) =>
      emit(gateway.broker, events.assetCreated, { id, rev: 1, ...origin });
    const one = await listen('?session=tab-1');
    const several = await listen(`?session=tab-1&session=tab-2&client=phone&asset=${a}`);
    await told(a, { session: 'tab-1', client: 'phone' });
    await told(b, { session: 'tab-2' });
    await told(b, { session: 'tab-3' });
    await told(b, { client: 'phone' });
    await emit(gateway.broker, events.enrichmentDone, { assetId: b, enricher: 'palette', durationMs: 1, session: 'tab-1' });
    await until('all', () => several.ids().length === 4 && one.ids().length === 2);
    expect(one.ids().map(({ name }) => name)).toEqual(['asset.created.v1', 'enrichment.done.v1']);
    expect(several.ids().map(({ data }) => data)).toMatchObject([
      { session: 'tab-1' },
      { session: 'tab-2' },
      { client: 'phone' },
      {},
    ]);
    const again = await listen(`?session=tab-1&since=${one.ids()[0]?.id}`);
    expect(again.ids().map(({ name }) => name)).toEqual(['enrichment.done.v1']);
    for (const { socket } of [one, several, again]) socket.destroy();
  });

  it.each(['session=a%20b', 'room=all', `session=${'x'.repeat(65)}`, Array(101).fill('client=c').join('&')])(
    'are not told to who asks for %.30s',
    async (query) => {
      expect([400, 422]).toContain((await fetch(`${gateway.base}/api/events?${query}`)).status);
    },
  );

  it('are told again from where a client left off', async () => {
    const first = await listen();
    for (let rev = 1; rev <= 3; rev++) await created(a, rev);
    await until('three', () => first.ids().length === 3);
    first.socket.destroy();
    const again = await listen('', `Last-Event-ID: ${first.ids()[0]?.id}\r\n`);
    expect(again.ids().map(({ data }) => data)).toEqual([
      { id: a, rev: 2 },
      { id: a, rev: 3 },
    ]);
    expect(again.received()).not.toContain('event: reset');
    again.socket.destroy();
  });

  it('miss none between two connections, even for a client that has not had any yet', async () => {
    const first = await listen();
    const [, place] = /retry: \d+\nid: (\S+)\n\n/.exec(first.received()) ?? [];
    first.socket.destroy();
    await created(a);
    const again = await listen('', `Last-Event-ID: ${place}\r\n`);
    expect(again.ids()).toMatchObject([{ data: { id: a } }]);
    again.socket.destroy();
  });

  it('begin with a reset where what was missed is not known', async () => {
    const client = await listen('', 'Last-Event-ID: 01OLDPROCESS-5\r\n');
    expect(client.received()).toContain('event: reset\n');
    client.socket.destroy();
  });

  it('end with the server, which does not wait for its listeners', async () => {
    const client = await listen();
    await gateway.broker.stop();
    await client.closed;
  });

  it('have nothing to say to HEAD', async () => {
    expect(await exchange(gateway.port, 'HEAD /api/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 200 [^]*\r\n\r\n$/,
    );
  });
});
