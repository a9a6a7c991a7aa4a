import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BlobStore } from '../../drivers/blobs/port.ts';
import { pattern } from '../../test/conformance/blobs/case.ts';
import { ownBucket } from '../../test/fixtures/own-bucket.ts';
import { withServers } from '../../test/fixtures/servers.ts';
import type { Located } from '../contracts/media.ts';
import { answerProblem } from './answer.ts';
import { sendMedia } from './media.ts';
import { elsewhere, type Elsewhere } from './redirect.ts';
import { parseTarget } from './target.ts';

const film: Located = {
  key: 'originals/film',
  type: 'video/mp4',
  bytes: 3_000_000,
  etag: '"film"',
  immutable: true,
  varies: false,
  filename: 'Süden.mp4',
};
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Serves the film at any address below /media. */
async function serving(blobs: Pick<BlobStore, 'read'>, to: Elsewhere, guarded = false): Promise<string> {
  const options = { locate: async () => film, blobs, hot: { whole: () => undefined }, elsewhere: to, guarded };
  const server = createServer((req, res) => {
    sendMedia(req, res, parseTarget(req.url ?? ''), options).catch((error: unknown) =>
      answerProblem(req, res, error, { logger: console as never }),
    );
  }).listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/media/film`;
}
const unread = { read: () => Promise.reject(new Error('nothing is to be read here')) };
const manual = { redirect: 'manual' } as const;

describe('an address past this node', () => {
  const blobs = { address: async (key: string) => `https://store.example/${key}?signed` };

  it('is that of a large original, and of nothing else', async () => {
    const to = elsewhere(blobs, 2_999_999);
    expect(await to(film)).toBe('https://store.example/originals/film?signed');
    expect(to({ ...film, bytes: 2_999_999 })).toBeUndefined();
    expect(to({ ...film, key: 'derived/film/thumbnails/x/preview.mp4' })).toBeUndefined();
    expect(to({ ...film, key: 'cache/film/x.webp' })).toBeUndefined();
    expect(elsewhere({}, 1)(film)).toBeUndefined();
  });

  it('is where a GET is sent, and may be kept for less time than it holds', async () => {
    const url = await serving(unread, elsewhere(blobs, 1));
    const { status, headers } = await fetch(url, manual);
    expect([status, headers.get('location')]).toEqual([307, 'https://store.example/originals/film?signed']);
    expect([headers.get('cache-control'), headers.get('etag'), headers.get('vary')]).toEqual(['public, max-age=600', null, null]);
  });

  it('is kept by no shared cache where keys are needed', async () => {
    const { headers } = await fetch(await serving(unread, elsewhere(blobs, 1), true), manual);
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['private, max-age=600', 'Authorization, X-API-Key']);
  });

  it('is not needed by who has the file, or asks for its headers alone', async () => {
    const url = await serving(unread, elsewhere(blobs, 1));
    expect((await fetch(url, { ...manual, headers: { 'If-None-Match': '"film"' } })).status).toBe(304);
    const head = await fetch(url, { ...manual, method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '3000000']);
  });
});

withServers(['s3'], (server) => {
  const { options, open } = ownBucket(server);

  it('leads to the bytes at the store, whole or in part, under its public name', async () => {
    const { protocol, port } = new URL(options.endpoint);
    const store = await open({ publicEndpoint: `${protocol}//localhost:${port}` });
    await store.put(film.key, pattern(film.bytes));
    const url = await serving(unread, elsewhere(store, 1));
    const whole = await fetch(url);
    expect(new URL(whole.url).hostname).toBe('localhost');
    expect(new URL(whole.url).searchParams.get('X-Amz-Expires')).toBe('14400');
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    expect(whole.headers.get('content-disposition')).toBe("inline; filename*=UTF-8''S%C3%BCden.mp4");
    expect(Buffer.from(await whole.arrayBuffer()).equals(pattern(film.bytes))).toBe(true);
    const part = await fetch(url, { headers: { Range: 'bytes=1000000-1000009' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(pattern(film.bytes).subarray(1_000_000, 1_000_010))).toBe(true);
  });
});
