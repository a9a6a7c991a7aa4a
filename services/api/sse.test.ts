import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { until } from '../../test/fixtures/until.ts';
import { eventHub, type EventHub, type EventHubOptions } from './event-hub.ts';
import { sse, type SseOptions } from './sse.ts';

describe('server-sent events', () => {
  let server: Server;
  let hub: EventHub;
  let refused: unknown[];
  const sockets: Socket[] = [];

  async function open(options: EventHubOptions & SseOptions): Promise<void> {
    hub = eventHub(options);
    const stream = sse(hub, options);
    refused = [];
    server = createServer((req, res) => {
      try {
        stream(req, res, { rooms: new Set(['all']), since: undefined });
      } catch (error) {
        refused.push(error);
        res.writeHead(503).end();
      }
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  }
  function client(): { socket: Socket; text: () => string } {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    sockets.push(socket);
    return { socket, text: () => text };
  }
  afterEach(async () => {
    hub.close();
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('drops a client that does not read, and no other', async () => {
    await open({ maxUnread: 100_000 });
    const deaf = client();
    const good = client();
    await until('two listen', () => hub.listeners() === 2);
    deaf.socket.pause();
    const closed = new Promise((resolve) => deaf.socket.once('close', resolve));
    for (let i = 0; hub.listeners() === 2; i++) {
      hub.tell('big', { id: String(i).padEnd(50_000) });
      await new Promise((resolve) => setImmediate(resolve));
      if (i > 10_000) throw new Error('the deaf client is kept');
    }
    deaf.socket.resume();
    await closed;
    hub.tell('last', { id: 'x' });
    await until('the good client is told the last', () => good.text().includes('event: last'));
    expect(hub.listeners()).toBe(1);
  });

  it('takes no more clients than it may, and forgets those that leave', async () => {
    await open({ maxListeners: 1 });
    const first = client();
    await until('one listens', () => hub.listeners() === 1);
    client();
    await until('the second is refused', () => refused.length === 1);
    expect(refused[0]).toMatchObject({ type: 'server.busy' });
    first.socket.destroy();
    await until('nobody listens', () => hub.listeners() === 0);
  });

  it('shows that the connection lives while nothing happens', async () => {
    await open({ heartbeatMs: 5 });
    const { text } = client();
    await until('two signs of life', () => /\n:\n\n[^]*:\n\n/.test(text()));
  });

  it('says nothing that holds a line break of its own', async () => {
    await open({});
    const { text } = client();
    await until('one listens', () => hub.listeners() === 1);
    hub.tell('x', { id: 'a\n\nevent: forged' });
    await until('the event arrives', () => text().includes('forged'));
    expect(text()).not.toMatch(/^event: forged/m);
  });
});
