import { once } from 'node:events';
import { WebSocket } from 'ws';
import { emit, events } from '../../../services/contracts/event.ts';
import { until } from '../../fixtures/until.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { exchange } from './wire.ts';

const key = 'a-key-of-sixteen-or-more';
const asset = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

describe('rooms at /api/live', () => {
  let gateway: TestGateway;
  afterEach(() => gateway[Symbol.asyncDispose]());

  const socketTo = (protocols: string[], headers: Record<string, string> = {}, path = '/api/live') =>
    new WebSocket(`${gateway.base.replace('http', 'ws')}${path}`, protocols, { headers });
  const refusal = async (socket: WebSocket): Promise<number> => {
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    socket.on('error', () => undefined).terminate();
    return response.statusCode;
  };

  it('tell events of the mesh', async () => {
    gateway = await startGateway();
    const socket = socketTo(['vitrail.v1']);
    const said: unknown[] = [];
    socket.on('message', (data) => said.push(JSON.parse((data as Buffer).toString())));
    await once(socket, 'open');
    expect(socket.protocol).toBe('vitrail.v1');
    socket.send('{"join":["session:tab"]}');
    await until('it is in', () => said.length === 1);
    await emit(gateway.broker, events.assetCreated, { id: asset, rev: 1, session: 'tab' });
    await until('it is told', () => said.length === 2);
    expect(said[1]).toMatchObject({ type: 'event', event: 'asset.created.v1', data: { id: asset, rev: 1, session: 'tab' } });
    const closed = once(socket, 'close');
    await gateway.broker.stop();
    expect((await closed)[0]).toBe(1001);
  });

  it('want a key where there are keys: in a header, or as a browser can send it', async () => {
    gateway = await startGateway({ VITRAIL_API_KEYS: key });
    const named = `vitrail.key.${Buffer.from(key).toString('base64url')}`;
    expect(await refusal(socketTo(['vitrail.v1']))).toBe(401);
    expect(await refusal(socketTo(['vitrail.v1', 'vitrail.key.bm8']))).toBe(401);
    for (const socket of [socketTo(['vitrail.v1', named]), socketTo(['vitrail.v1'], { 'x-api-key': key })]) {
      await once(socket, 'open');
      expect(socket.protocol).toBe('vitrail.v1');
      socket.terminate();
    }
  });

  it('are no page of another origin’s, and nowhere else', async () => {
    gateway = await startGateway();
    expect(await refusal(socketTo(['vitrail.v1'], { origin: 'http://evil.example' }))).toBe(403);
    expect(await refusal(socketTo(['vitrail.v1'], { 'sec-fetch-site': 'cross-site' }))).toBe(403);
    expect(await refusal(socketTo(['vitrail.v1'], {}, '/api/assets'))).toBe(404);
    const own = socketTo(['vitrail.v1'], { origin: gateway.base });
    await once(own, 'open');
    own.terminate();
  });

  it('are told of to who asks over plain HTTP, and another protocol is passed over', async () => {
    gateway = await startGateway();
    const plain = await fetch(`${gateway.base}/api/live`);
    expect([plain.status, plain.headers.get('upgrade')]).toEqual([426, 'websocket']);
    expect(await plain.json()).toMatchObject({ code: 'request.upgrade' });
    const other = 'GET /health HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade, close\r\n\r\n';
    expect(await exchange(gateway.port, other)).toMatch(/^HTTP\/1.1 200/);
    const half =
      'GET /api/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: no\r\n\r\n';
    expect(await exchange(gateway.port, half)).toMatch(/^HTTP\/1.1 400/);
  });
});
