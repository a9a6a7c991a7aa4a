import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { until } from '../../test/fixtures/until.ts';
import { eventHub, type EventHub, type EventHubOptions } from './event-hub.ts';
import { type Live, type LiveOptions, openLive } from './live.ts';

const a = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const b = '01BX5ZZKBKACTAV9WEVGEMMVRZ';

interface Said {
  type: string;
  id?: string;
  event?: string;
  data?: unknown;
  rooms?: string[];
  last?: string;
  problem?: { code: string };
}

describe('rooms over WebSocket', () => {
  let server: Server;
  let hub: EventHub;
  let live: Live;
  const sockets: WebSocket[] = [];

  async function open(options: Partial<LiveOptions> & EventHubOptions = {}): Promise<void> {
    hub = eventHub(options);
    live = openLive({ hub, guard: () => undefined, ...options });
    server = createServer().listen(0, '127.0.0.1');
    server.on('upgrade', (req, socket, head) => {
      try {
        live.upgrade(req, socket, head);
      } catch {
        socket.end('HTTP/1.1 503 No\r\nConnection: close\r\n\r\n');
      }
    });
    await once(server, 'listening');
  }
  async function connect() {
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, ['vitrail.v1']);
    sockets.push(socket);
    const said: Said[] = [];
    let code: number | undefined;
    socket.on('message', (data) => said.push(JSON.parse((data as Buffer).toString()) as Said));
    socket.once('close', (with_) => (code = with_));
    await once(socket, 'open');
    const answers = () => said.filter(({ type }) => type !== 'event').length;
    return {
      socket,
      said,
      closed: () => code,
      events: () => said.filter(({ type }) => type === 'event'),
      async send(message: unknown) {
        const before = answers();
        socket.send(typeof message === 'string' ? message : JSON.stringify(message));
        await until('an answer, or the end', () => answers() > before || code !== undefined);
        return said.filter(({ type }) => type !== 'event').at(-1);
      },
    };
  }
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    hub.close();
    live.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('tell what happens in those a client is in, once, and nothing before and after', async () => {
    await open();
    const client = await connect();
    hub.tell('before', { id: a });
    expect(await client.send({ join: [`asset:${a}`, 'session:tab'] })).toMatchObject({
      type: 'rooms',
      rooms: [`asset:${a}`, 'session:tab'],
    });
    hub.tell('both', { id: a, session: 'tab' });
    hub.tell('neither', { id: b });
    hub.tell('by session', { assetId: b, session: 'tab' });
    await client.send({ leave: ['session:tab'] });
    hub.tell('left', { assetId: b, session: 'tab' });
    expect(await client.send({ join: ['all'] })).toMatchObject({ rooms: [`asset:${a}`, 'all'] });
    hub.tell('all', { names: ['dog'] });
    await until('three events', () => client.events().length === 3);
    expect(client.events().map(({ event, data }) => [event, data])).toEqual([
      ['both', { id: a, session: 'tab' }],
      ['by session', { assetId: b, session: 'tab' }],
      ['all', { names: ['dog'] }],
    ]);
  });

  it('tell what was missed, or that it is not known any more', async () => {
    await open({ replay: 3 });
    const first = await connect();
    const { last } = (await first.send({ join: ['all'] })) ?? {};
    first.socket.close();
    hub.tell('one', { id: a });
    hub.tell('two', { id: b });
    const again = await connect();
    await again.send({ join: [`asset:${b}`], since: last });
    expect(again.events().map(({ event }) => event)).toEqual(['two']);
    for (let n = 0; n < 3; n++) hub.tell('more', { id: a });
    await again.send({ join: ['all'], since: last });
    expect(again.said.map(({ type }) => type)).toContain('reset');
  });

  it('say that it is too much, where what was missed is more than a client may leave unread', async () => {
    await open({ maxUnread: 10_000 });
    const client = await connect();
    const { last } = (await client.send({ join: ['session:tab'] })) ?? {};
    for (let n = 0; n < 3; n++) hub.tell('more', { id: 'x'.repeat(2000) });
    await client.send({ join: ['all'], since: last });
    await until('a reset', () => client.said.some(({ type }) => type === 'reset'));
    expect(client.events()).toEqual([]);
    hub.tell('next', { id: a });
    await until('an event', () => client.events().length === 1);
  });

  it.each([
    ['{"join":', 'request.malformed'],
    ['[]', 'params.invalid'],
    [{ join: ['everything'] }, 'params.invalid'],
    [{ join: ['asset:nonsense'] }, 'params.invalid'],
    [{ join: [] }, 'params.invalid'],
    [{ join: ['all'], more: 1 }, 'params.invalid'],
  ])('refuse %j, and go on', async (message, code) => {
    await open();
    const client = await connect();
    expect(await client.send(message)).toMatchObject({ type: 'problem', problem: { code } });
    expect(await client.send({ join: ['all'] })).toMatchObject({ type: 'rooms' });
  });

  it('are so many at most', async () => {
    await open();
    const client = await connect();
    const rooms = Array.from({ length: 100 }, (_, n) => `session:${n}`);
    expect((await client.send({ join: rooms }))?.rooms).toHaveLength(100);
    expect((await client.send({ join: rooms.slice(0, 3) }))?.rooms).toHaveLength(100);
    expect(await client.send({ join: ['all'] })).toMatchObject({ type: 'problem', problem: { code: 'params.invalid' } });
  });

  it('end for who says too much at once, too much in all, or what is no text', async () => {
    await open({ maxMessages: 3 });
    const large = await connect();
    large.socket.send(JSON.stringify({ join: ['x'.repeat(5000)] }));
    const many = await connect();
    for (let n = 0; n < 4; n++) many.socket.send('{"leave":["all"]}');
    const binary = await connect();
    binary.socket.send(Buffer.from('{}'));
    await until('all three are closed', () => [large, many, binary].every(({ closed }) => closed() !== undefined));
    expect([large.closed(), many.closed(), binary.closed()]).toEqual([1009, 1008, 1003]);
    await until('nobody listens', () => hub.listeners() === 0);
  });

  it('drop a client that does not read, and no other', async () => {
    await open({ maxUnread: 100_000 });
    const [deaf, good] = [await connect(), await connect()];
    for (const client of [deaf, good]) await client.send({ join: ['all'] });
    deaf.socket.pause();
    for (let i = 0; hub.listeners() === 2; i++) {
      hub.tell('big', { id: String(i).padEnd(50_000) });
      await new Promise((resolve) => setImmediate(resolve));
      if (i > 10_000) throw new Error('the deaf client is kept');
    }
    hub.tell('last', { id: a });
    await until('the good client is told the last', () => good.events().at(-1)?.event === 'last');
    deaf.socket.resume();
    await until('the deaf client is closed', () => deaf.closed() !== undefined);
  });

  it('end for who does not show that it lives', async () => {
    await open({ heartbeatMs: 10 });
    const [dead, living] = [await connect(), await connect()];
    // Answers to pings are sent by the library; this one no longer does.
    dead.socket.pong = () => undefined;
    await until('the dead client is dropped', () => dead.closed() === 1006);
    expect(living.closed()).toBeUndefined();
    expect(hub.listeners()).toBe(1);
  });

  it('have room for so many, and end with the hub', async () => {
    await open({ maxListeners: 1 });
    const client = await connect();
    await expect(connect()).rejects.toThrow('503');
    hub.close();
    await until('the client is sent away', () => client.closed() === 1001);
  });
});
