import { randomBytes } from 'node:crypto';
import { portsOf } from '../../../config/ports.ts';
import { until } from '../../fixtures/until.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { wire } from './wire.ts';

const small = randomBytes(5000);
const large = randomBytes(3 * 1024 * 1024);

describe('media over HTTP', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const response = await fetch(gateway.base + path, { method, headers });
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  };

  describe.each([
    ['small', small],
    ['large', large],
  ])('of a %s file', (_name, bytes) => {
    let path: string;
    beforeAll(async () => {
      path = `/media/${(await gateway.store(bytes)).id}`;
    });

    it('are whole, with the headers that keep them apart from the page', async () => {
      const { status, headers, body } = await ask(path);
      expect([status, body.equals(bytes)]).toEqual([200, true]);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'image/jpeg',
        'content-length': String(bytes.length),
        etag: '"abc"',
        'accept-ranges': 'bytes',
        'content-disposition': 'inline; filename="barn.jpg"',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': expect.stringMatching(/^public, max-age=\d\d, must-revalidate$/),
      });
      expect(headers.has('vary')).toBe(false);
    });

    it('have the same headers and no body for HEAD', async () => {
      const { status, headers, body } = await ask(path, {}, 'HEAD');
      expect([status, body.length, headers.get('content-length')]).toEqual([200, 0, String(bytes.length)]);
    });

    it.each([
      ['bytes=10-99', 10, 100],
      ['bytes=4000-', 4000, bytes.length],
      ['bytes=-100', bytes.length - 100, bytes.length],
      ['bytes=-99999999', 0, bytes.length],
    ])('come in part for %s', async (range, start, end) => {
      const { status, headers, body } = await ask(path, { Range: range });
      expect(status).toBe(206);
      expect(headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${bytes.length}`);
      expect(body.equals(bytes.subarray(start, end))).toBe(true);
    });

    it.each(['bytes=99999999-', 'bytes=x-y', 'bytes=9-1'])('say how many bytes there are for %s', async (range) => {
      const { status, headers, body } = await ask(path, { Range: range });
      expect([status, headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
      expect(JSON.parse(String(body))).toMatchObject({ code: 'media.range-unsatisfiable' });
    });

    it('come whole for several ranges, for HEAD, and when they have changed since', async () => {
      expect((await ask(path, { Range: 'bytes=0-1,5-6' })).status).toBe(200);
      expect((await ask(path, { Range: 'bytes=0-1' }, 'HEAD')).status).toBe(200);
      expect((await ask(path, { Range: 'bytes=0-1', 'If-Range': '"other"' })).body.equals(bytes)).toBe(true);
      expect((await ask(path, { Range: 'bytes=0-1', 'If-Range': '"abc"' })).status).toBe(206);
    });

    it.each(['"abc"', 'W/"abc"', '"x", "abc"', '*'])('are not sent again to who has them: If-None-Match %s', async (tags) => {
      const { status, headers, body } = await ask(path, { 'If-None-Match': tags, Range: 'bytes=0-1' });
      expect([status, body.length, headers.get('etag')]).toEqual([304, 0, '"abc"']);
      expect(headers.has('cache-control')).toBe(true);
    });
  });

  it('may be kept for good where their address changes with them', async () => {
    const { id } = await gateway.store(small, { immutable: true });
    expect((await ask(`/media/${id}`)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('name Accept where it made a difference', async () => {
    const { id } = await gateway.store(small, { varies: true });
    expect((await ask(`/media/${id}?w=640`, { Accept: 'image/avif' })).headers.get('vary')).toBe('Accept');
    expect(gateway.calls.at(-1)).toEqual(['media.locate', { id, w: 640, accept: 'image/avif' }]);
  });

  it('carry a name in any script', async () => {
    const { id } = await gateway.store(small, { filename: 'Scheune "rot" 納屋.jpg' });
    expect((await ask(`/media/${id}`)).headers.get('content-disposition')).toBe(
      `inline; filename="Scheune _rot_ __.jpg"; filename*=UTF-8''Scheune%20%22rot%22%20%E7%B4%8D%E5%B1%8B.jpg`,
    );
  });

  it('are refused in words: unknown id, unfit wish, bytes that are gone', async () => {
    expect((await ask('/media/unknown')).status).toBe(404);
    const { id, key } = await gateway.store(small, { key: 'originals/' + 'f'.repeat(64) });
    expect((await ask(`/media/${id}?w=wide`)).status).toBe(422);
    expect((await ask(`/media/${id}?w=1&w=2`)).status).toBe(422);
    await portsOf(gateway.broker).blobs.remove(key);
    const { status, body } = await ask(`/media/${id}`);
    expect([status, (JSON.parse(String(body)) as { code: string }).code]).toEqual([404, 'blob.not-found']);
  });

  it('are not read on when the client has gone', async () => {
    const { id } = await gateway.store(Buffer.alloc(24 * 1024 * 1024));
    const { blobs } = portsOf(gateway.broker);
    const read = blobs.read.bind(blobs);
    const streams: Awaited<ReturnType<typeof read>>[] = [];
    blobs.read = async (key, range) => {
      const stream = await read(key, range);
      streams.push(stream);
      return stream;
    };
    try {
      const { socket } = await wire(gateway.port, `GET /media/${id} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await until('bytes flow', () => socket.bytesRead > 0);
      socket.destroy();
      await until('the reading has ended', () => streams[0]?.destroyed === true);
      expect(streams[0]?.readableEnded).toBe(false);
    } finally {
      blobs.read = read;
    }
    expect((await fetch(`${gateway.base}/health`)).status).toBe(200);
  });

  it('break off, rather than end early, when the bytes cannot be read on', async () => {
    const { id } = await gateway.store(large, { bytes: large.length + 1 });
    await expect(ask(`/media/${id}`)).rejects.toThrow();
  });
});
