import { randomBytes, randomUUID } from 'node:crypto';
import type { Asset } from '../../../services/contracts/asset.ts';
import { until } from '../../fixtures/until.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { wire } from './wire.ts';

describe('a POST with an Idempotency-Key', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const post = async (path: string, key: string, body?: unknown, headers: Record<string, string> = {}) => {
    const isBytes = body instanceof Uint8Array;
    const response = await fetch(gateway.base + path, {
      method: 'POST',
      headers: {
        'idempotency-key': key,
        ...(body !== undefined && { 'content-type': isBytes ? 'image/jpeg' : 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
    return {
      status: response.status,
      replayed: response.headers.get('idempotent-replayed'),
      location: response.headers.get('location'),
      body: (await response.json()) as Partial<Asset> & { code?: string; replayed?: number },
    };
  };
  const carriedOut = (name: string) => gateway.calls.filter(([called]) => called === name).length;

  it('is carried out once, and answered with the first answer from then on', async () => {
    const key = randomUUID();
    const first = await post('/api/quarantine/replay', key, { enricher: 'palette' });
    expect(first).toMatchObject({ status: 200, replayed: null, body: { replayed: 1 } });
    // A string of RFC 9651 is the same key.
    expect(await post('/api/quarantine/replay', `"${key}"`, { enricher: 'palette' })).toEqual({ ...first, replayed: 'true' });
    expect(carriedOut('pipeline.replayMany')).toBe(1);
    await post('/api/quarantine/replay', randomUUID(), { enricher: 'palette' });
    expect(carriedOut('pipeline.replayMany')).toBe(2);
  });

  it.each<[string, string, unknown]>([
    ['another body', '/api/quarantine/replay', { enricher: 'quality' }],
    ['no body', '/api/quarantine/replay', undefined],
    ['another address', '/api/search/rebuild', { enricher: 'palette' }],
  ])('is refused with %s', async (_what, path, body) => {
    const key = randomUUID();
    await post('/api/quarantine/replay', key, { enricher: 'palette' });
    expect(await post(path, key, body)).toMatchObject({ status: 422, body: { code: 'request.key-reused' } });
    expect(carriedOut('pipeline.replayMany')).toBe(1);
  });

  it('is answered so with an upload, whose bytes need not be sent again', async () => {
    const key = randomUUID();
    const bytes = randomBytes(10_000);
    const first = await post('/api/assets', key, bytes);
    expect(first).toMatchObject({ status: 202, location: `/api/assets/${first.body.id}` });
    expect(await post('/api/assets', key, bytes)).toEqual({ ...first, replayed: 'true' });
    expect(carriedOut('ingest.begin')).toBe(1);
    expect(await post('/api/assets', key, randomBytes(9999))).toMatchObject({ status: 422 });
  });

  it('is answered so where nobody was there any more for the first answer', async () => {
    const key = randomUUID();
    const bytes = randomBytes(1000);
    const accept = Promise.withResolvers<void>();
    gateway.before('ingest.accept', () => accept.promise);
    const { socket } = await wire(
      gateway.port,
      `POST /api/assets HTTP/1.1\r\nHost: x\r\nIdempotency-Key: ${key}\r\nContent-Type: image/jpeg\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    socket.write(bytes);
    await until('the bytes are here', () => carriedOut('ingest.accept') === 1);
    expect(await post('/api/assets', key, bytes)).toMatchObject({ status: 409, body: { code: 'request.under-way' } });
    socket.destroy();
    accept.resolve();
    await until('it is answered', async () => (await post('/api/assets', key, bytes)).status === 202);
    expect(carriedOut('ingest.begin')).toBe(1);
  });

  it('keeps a refusal that stands, and no failure that may pass', async () => {
    const [bad, failed] = [randomUUID(), randomUUID()];
    const refused = await post('/api/quarantine/replay', bad, { nonsense: true });
    expect(refused.status).toBe(422);
    expect(await post('/api/quarantine/replay', bad, { nonsense: true })).toEqual({ ...refused, replayed: 'true' });
    // The fake knows no such action.
    expect(await post('/api/search/rebuild', failed)).toMatchObject({ status: 500, replayed: null });
    expect(await post('/api/search/rebuild', failed)).toMatchObject({ status: 500, replayed: null });
    expect(carriedOut('search.rebuild')).toBe(2);
  });

  it('begins anew where its upload broke off', async () => {
    const key = randomUUID();
    const bytes = randomBytes(1000);
    const { socket } = await wire(
      gateway.port,
      `POST /api/assets HTTP/1.1\r\nHost: x\r\nIdempotency-Key: ${key}\r\nContent-Type: image/jpeg\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    socket.write(bytes.subarray(0, 500));
    await until('it has begun', () => carriedOut('ingest.begin') === 1);
    socket.destroy();
    await until('it is over', () => gateway.abandoned.length === 1);
    await until('it can be sent again', async () => (await post('/api/assets', key, bytes)).status === 202);
  });

  it.each(['', ' ', 'a b', 'é', 'x'.repeat(256), '"open'])('is refused where the key is %j', async (key) => {
    const { socket, received } = await wire(
      gateway.port,
      Buffer.from(`POST /api/quarantine/replay HTTP/1.1\r\nHost: x\r\nIdempotency-Key: ${key}\r\nContent-Length: 0\r\n\r\n`),
    );
    await until('an answer', () => received().includes('\r\n\r\n'));
    socket.destroy();
    expect(received()).toMatch(/^HTTP\/1.1 400 /);
  });
});

it('a key is one client’s, where clients have keys of their own', async () => {
  const [one, two] = ['first-key-of-sixteen', 'second-key-of-sixteen'];
  const gateway = await startGateway({ VITRAIL_API_KEYS: `${one},${two}` });
  const send = async (apiKey: string) =>
    (
      await fetch(`${gateway.base}/api/quarantine/replay`, {
        method: 'POST',
        headers: { 'idempotency-key': 'same', 'x-api-key': apiKey },
      })
    ).headers.get('idempotent-replayed');
  expect([await send(one), await send(two), await send(one)]).toEqual([null, null, 'true']);
  await gateway[Symbol.asyncDispose]();
});
