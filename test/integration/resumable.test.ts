import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Upload, type DetailedError, type UploadOptions } from 'tus-js-client';
import type { Asset } from '../../services/contracts/asset.ts';
import type { ResumableUpload } from '../../services/contracts/ingest.ts';
import { until } from '../fixtures/until.ts';
import { wire } from './api/wire.ts';
import { type Answer, type App, ask, samples, settled, startApp, upload } from './app.ts';

const v = { 'tus-resumable': '1.0.0' };
const photo = readFileSync(join(samples, 'wine-table.jpg'));
/** Another file with the same picture: what follows its end is passed over. */
const another = (extra = 8): Buffer<ArrayBuffer> => Buffer.concat([photo, randomBytes(extra)]);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const meta = (entries: Record<string, string>) =>
  Object.entries(entries)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');

describe('a resumable upload', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp({
      env: { VITRAIL_UPLOAD_IDLE_SECONDS: '2', VITRAIL_MAX_UPLOAD: '50000000', VITRAIL_RECONCILE_SECONDS: '1' },
    });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const create = (length: number, metadata: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    ask<{ code: string }>(app, '/api/uploads', {
      method: 'POST',
      headers: {
        ...v,
        'upload-length': String(length),
        ...(Object.keys(metadata).length > 0 && { 'upload-metadata': meta(metadata) }),
        ...headers,
      },
    });
  const opened = async (length: number, metadata?: Record<string, string>) =>
    (await create(length, metadata)).headers.get('location') ?? '';
  const patch = (path: string, body: Uint8Array<ArrayBuffer>, offset: number, headers: Record<string, string> = {}) =>
    ask<{ code: string }>(app, path, {
      method: 'PATCH',
      headers: { ...v, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream', ...headers },
      body,
    });
  const head = (path: string) => ask(app, path, { method: 'HEAD', headers: v });
  const offsetOf = async (path: string) => Number((await head(path)).headers.get('upload-offset'));
  const look = async (path: string) => (await ask<ResumableUpload>(app, path)).body;
  const temporary = async (path: string) => {
    const names = await readdir(join(app.data, 'blobs', 'tmp'));
    return names.filter((name) => name.startsWith(path.split('/').at(-1) ?? '?'));
  };
  const bytesOf = async (id: string) => (await ask<Buffer>(app, `/media/${id}`)).body;

  it('tells what it offers', async () => {
    const { status, headers } = await ask(app, '/api/uploads', { method: 'OPTIONS' });
    expect(status).toBe(204);
    expect(headers.get('tus-version')).toBe('1.0.0');
    expect(headers.get('tus-extension')?.split(',').sort()).toEqual([
      'creation',
      'creation-with-upload',
      'expiration',
      'termination',
    ]);
    expect(headers.get('tus-max-size')).toBe('50000000');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('comes in pieces, and becomes the asset of its bytes, with what was said of it', async () => {
    const bytes = another();
    const path = await opened(bytes.length, { filename: 'party/été.jpg', filetype: 'image/jpeg', title: 'Party', tags: 'a,b' });
    expect(path).toMatch(/^\/api\/uploads\/\w{26}$/);
    for (const [from, to] of [
      [0, 100_000],
      [100_000, 100_001],
      [100_001, 200_000],
    ] as const) {
      const { status, headers } = await patch(path, bytes.subarray(from, to), from);
      expect([status, headers.get('upload-offset')]).toEqual([204, String(to)]);
      expect(Date.parse(headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now());
    }
    expect(await look(path)).toMatchObject({ state: 'open', offset: 200_000, bytes: bytes.length, filename: 'party/été.jpg' });
    const last = await patch(path, bytes.subarray(200_000), 200_000);
    expect([last.status, last.headers.get('x-asset-created')]).toEqual([204, 'true']);
    const id = last.headers.get('x-asset-id') ?? '';
    expect(await settled(app, id)).toMatchObject({
      sha256: sha256(bytes),
      filename: 'été.jpg',
      title: 'Party',
      tags: ['a', 'b'],
    });
    expect(sha256(await bytesOf(id))).toBe(sha256(bytes));
    const after = await head(path);
    expect([after.status, after.headers.get('x-asset-id'), after.headers.get('upload-offset')]).toEqual([
      200,
      id,
      String(bytes.length),
    ]);
    expect(after.headers.get('upload-metadata')).toContain('filename ');
    expect(await look(path)).toMatchObject({ state: 'accepted', assetId: id, created: true });
    expect(await temporary(path)).toEqual([]);
    expect((await patch(path, bytes.subarray(0, 1), bytes.length)).status).toBe(413);
  });

  it('of bytes that are known becomes the asset they are', async () => {
    const bytes = another();
    const known = (await upload(app, bytes)).body.id;
    const path = await opened(bytes.length);
    const { headers } = await patch(path, bytes, 0);
    expect([headers.get('x-asset-id'), headers.get('x-asset-created')]).toEqual([known, 'false']);
  });

  it('may come with its creation, whole', async () => {
    const bytes = another();
    const { status, headers } = await ask(app, '/api/uploads', {
      method: 'POST',
      headers: { ...v, 'upload-length': String(bytes.length), 'content-type': 'application/offset+octet-stream' },
      body: bytes,
    });
    expect([status, headers.get('upload-offset')]).toEqual([201, String(bytes.length)]);
    expect(sha256(await bytesOf(headers.get('x-asset-id') ?? ''))).toBe(sha256(bytes));
  });

  it('keeps what came before its connection broke', async () => {
    const bytes = another();
    const path = await opened(bytes.length);
    const { socket } = await wire(
      Number(new URL(app.base).port),
      `PATCH ${path} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    await new Promise<void>((resolve) => socket.write(bytes.subarray(0, 150_000), () => resolve()));
    // HEAD takes the upload over from the connection that is still open.
    const offset = await until('the first bytes', async () => (await offsetOf(path)) || undefined);
    socket.destroy();
    expect(offset).toBeLessThanOrEqual(150_000);
    expect((await patch(path, bytes.subarray(offset), offset)).headers.get('x-asset-created')).toBe('true');
  });

  it('whose sender falls silent loses its connection, and nothing else', async () => {
    const bytes = another();
    const path = await opened(bytes.length);
    const { socket, closed } = await wire(
      Number(new URL(app.base).port),
      `PATCH ${path} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    socket.write(bytes.subarray(0, 1000));
    await closed;
    await until('its bytes are kept', async () => (await offsetOf(path)) === 1000);
  });

  it('is refused where ingest refuses, and is gone then', async () => {
    const text = Buffer.from('no picture at all, but a line of text that is long enough to look at');
    const path = await opened(text.length);
    expect(await patch(path, text, 0)).toMatchObject({ status: 415, body: { code: 'upload.type-refused' } });
    expect((await head(path)).status).toBe(410);
    expect(await look(path)).toMatchObject({ state: 'refused', code: 'upload.type-refused' });
    expect(await temporary(path)).toEqual([]);
  });

  it('may be given up', async () => {
    const path = await opened(1000);
    await patch(path, Buffer.alloc(10), 0);
    expect(await temporary(path)).toHaveLength(1);
    expect((await ask(app, path, { method: 'DELETE', headers: v })).status).toBe(204);
    expect((await head(path)).status).toBe(404);
    expect(await temporary(path)).toEqual([]);
  });

  it.each<[string, number, string, () => Promise<Answer<{ code: string }>>]>([
    ['another offset', 409, 'upload.offset', async () => patch(await opened(100), Buffer.alloc(10), 5)],
    ['more bytes than announced', 413, 'upload.too-large', async () => patch(await opened(100), Buffer.alloc(101), 0)],
    ['no offset', 400, 'request.malformed', async () => patch(await opened(100), Buffer.alloc(1), NaN)],
    [
      'another kind of body',
      415,
      'upload.media-type',
      async () => patch(await opened(100), Buffer.alloc(1), 0, { 'content-type': 'image/jpeg' }),
    ],
    [
      'another version',
      412,
      'upload.tus-version',
      async () => patch(await opened(100), Buffer.alloc(1), 0, { 'tus-resumable': '0.2.2' }),
    ],
    [
      'an upload that never was',
      404,
      'upload.not-found',
      async () => patch('/api/uploads/01BX5ZZKBKACTAV9WEVGEMMVRZ', Buffer.alloc(1), 0),
    ],
    ['a file that is too large', 413, 'upload.too-large', () => create(50_000_001)],
    ['an empty file', 422, 'upload.empty', () => create(0)],
    ['no length', 400, 'request.malformed', () => create(NaN)],
    ['a deferred length', 400, 'request.malformed', () => create(1, {}, { 'upload-defer-length': '1' })],
    ['metadata that are none', 400, 'request.malformed', () => create(1, {}, { 'upload-metadata': 'filename ???' })],
    ['metadata that nothing is called', 422, 'params.invalid', () => create(1, { titel: 'x' })],
    ['a session that is no label', 422, 'params.invalid', () => create(1, { session: 'a b' })],
  ])('with %s is answered %d %s', async (_what, status, code, send) => {
    const answer = await send();
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('tus-resumable')).toBe('1.0.0');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('is sent by tus-js-client, which hears of its asset', async () => {
    const bytes = another(3_000_000);
    const send = (more: Partial<UploadOptions>) =>
      new Promise<string | undefined>((resolve, reject) => {
        new Upload(bytes, {
          endpoint: `${app.base}/api/uploads`,
          retryDelays: null,
          metadata: { filename: 'client.jpg', filetype: 'image/jpeg', session: 'tab-1' },
          onSuccess: ({ lastResponse }) => resolve(lastResponse.getHeader('X-Asset-Id')),
          onError: reject,
          ...more,
        }).start();
      });
    const id = (await send({ chunkSize: 1_000_000 })) ?? '';
    const { body } = await ask<Asset>(app, `/api/assets/${id}`);
    expect(body).toMatchObject({ sha256: sha256(bytes), filename: 'client.jpg' });
    expect(await send({ uploadDataDuringCreation: true })).toBe(id);
    const refused = await send({ metadata: { session: 'a b' } }).catch((error: unknown) => error as DetailedError);
    expect((refused as DetailedError).originalResponse?.getBody()).toContain('params.invalid');
  });

  it('of two senders at one offset keeps the bytes of one', async () => {
    const bytes = another(1_000_000);
    const path = await opened(bytes.length);
    const answers = await Promise.all([
      patch(path, bytes.subarray(0, 1_000_000), 0),
      patch(path, bytes.subarray(0, 1_000_000), 0),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status === 204)).toHaveLength(1);
    const at = await offsetOf(path);
    const { headers } = await patch(path, bytes.subarray(at), at);
    expect(sha256(await bytesOf(headers.get('x-asset-id') ?? ''))).toBe(sha256(bytes));
  });
});
