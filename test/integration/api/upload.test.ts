import { createHash, randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { Asset } from '../../../services/contracts/asset.ts';
import { until } from '../../fixtures/until.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { exchange, wire } from './wire.ts';

const limit = 1_000_000;
const picture = randomBytes(200_000);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const boundary = 'xxBOUNDARYxx';
const part = (head: string, body: string | Buffer) =>
  Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
const filePart = (body: string | Buffer, name = 'file', filename = 'a.jpg') =>
  part(`name="${name}"; filename="${filename}"\r\nContent-Type: image/jpeg`, body);
const end = Buffer.from(`--${boundary}--\r\n`);
const form = (...parts: Buffer[]): RequestInit => ({
  method: 'POST',
  body: Buffer.concat([...parts, end]),
  headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
});
const raw = (body: Buffer, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'Content-Type': 'image/jpeg', ...headers },
});

describe('an upload', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startGateway({ VITRAIL_MAX_UPLOAD: String(limit), VITRAIL_UPLOAD_IDLE_SECONDS: '1' });
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const send = async (init: RequestInit, query = '') => {
    const response = await fetch(`${gateway.base}/api/assets${query}`, init);
    return { status: response.status, headers: response.headers, body: (await response.json()) as Asset & { code?: string } };
  };
  const noteOf = (action: string) =>
    gateway.calls.find(([name]) => name === action)?.[1] as {
      filename: string;
      edit?: unknown;
      note?: { filename: string; edit?: unknown };
    };
  const nothingKept = async () => {
    expect(await gateway.temporary()).toEqual([]);
    expect(gateway.assets.size).toBe(0);
  };

  it('as a form answers 202 with the asset and its address, and 200 when the bytes are known', async () => {
    const first = await send(form(filePart(picture)));
    expect(first).toMatchObject({ status: 202, body: { sha256: sha256(picture), bytes: picture.length, filename: 'a.jpg' } });
    expect(first.headers.get('location')).toBe(`/api/assets/${first.body.id}`);
    expect((await fetch(gateway.base + (first.headers.get('location') ?? ''))).status).toBe(200);
    expect(await send(form(filePart(picture, 'file', 'other.jpg')))).toMatchObject({ status: 200, body: { id: first.body.id } });
  });

  it('as a raw body does the same, and takes its name and fields from the head', async () => {
    const { status, body } = await send(raw(picture, { 'X-Filename': 'b%20c.jpg' }), '?title=Barn&tags=a,b&rating=3');
    expect([status, body.sha256, body.filename]).toEqual([202, sha256(picture), 'b c.jpg']);
    expect(noteOf('ingest.begin')).toMatchObject({
      edit: { title: 'Barn', tags: ['a', 'b'], rating: 3 },
      declaredType: 'image/jpeg',
      lane: 'interactive',
    });
  });

  it('comes in chunks of unknown number as well', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < picture.length; at += 50_000) controller.enqueue(picture.subarray(at, at + 50_000));
        controller.close();
      },
    });
    expect((await send({ method: 'POST', body, duplex: 'half', headers: { 'Content-Type': 'image/png' } })).body.sha256).toBe(
      sha256(picture),
    );
  });

  it('may bring its fields before its file, after it, or both', async () => {
    expect(
      (
        await send(
          form(
            part('name="title"', 'Before'),
            filePart(picture),
            part('name="tags"', 'x'),
            part('name="tags"', 'y'),
            part('name="rating"', '5'),
          ),
        )
      ).status,
    ).toBe(202);
    expect(noteOf('ingest.begin').edit).toEqual({ title: 'Before' });
    expect(noteOf('ingest.accept').note).toMatchObject({
      filename: 'a.jpg',
      edit: { title: 'Before', tags: ['x', 'y'], rating: 5 },
    });
  });

  it('has a name in any script, and never a path', async () => {
    expect((await send(form(filePart('1', 'file', 'Größe 納屋.jpg')))).body.filename).toBe('Größe 納屋.jpg');
    const encoded = part(`name="file"; filename="x.jpg"; filename*=UTF-8''%e7%b4%8d.jpg\r\nContent-Type: image/jpeg`, '2');
    expect((await send(form(encoded))).body.filename).toBe('納.jpg');
    expect((await send(form(filePart('3', 'file', '../../../etc/passwd')))).body.filename).toBe('passwd');
  });

  it.each([
    ['no body', { method: 'POST' }, 400, 'upload.missing-file'],
    ['an empty form', form(), 400, 'upload.missing-file'],
    ['fields only', form(part('name="title"', 'x')), 400, 'upload.missing-file'],
    ['a file in another field', form(filePart(picture, 'picture')), 400, 'upload.missing-file'],
    [
      'a form that is none',
      { method: 'POST', body: 'hello', headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` } },
      400,
      'request.malformed',
    ],
    [
      'a form without a boundary',
      { method: 'POST', body: 'hello', headers: { 'Content-Type': 'multipart/form-data' } },
      400,
      'request.malformed',
    ],
    [
      'a form of links',
      { method: 'POST', body: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      400,
      'upload.missing-file',
    ],
    ['two files', form(filePart(picture), filePart('2')), 400, 'request.malformed'],
    [
      'too many fields',
      form(...Array.from({ length: 30 }, (_, i) => part(`name="f${i}"`, 'x')), filePart(picture)),
      400,
      'request.malformed',
    ],
    ['a field that is too long', form(part('name="title"', 'x'.repeat(70_000)), filePart(picture)), 400, 'request.malformed'],
    ['an unknown field', form(part('name="titel"', 'x'), filePart(picture)), 422, 'params.invalid'],
    ['an unfit field after the file', form(filePart(picture), part('name="rating"', '9')), 422, 'params.invalid'],
    ['an empty file', form(filePart('')), 422, 'upload.empty'],
    ['a form that breaks off', { ...form(), body: filePart(picture).subarray(0, 100_000) }, 400, 'upload.aborted'],
    [
      'a form without its end',
      { ...form(), body: Buffer.concat([filePart(picture), part('name="title"', 'x')]) },
      400,
      'request.malformed',
    ],
  ] as [string, RequestInit, number, string][])('is refused with %s, and nothing is kept', async (_what, init, status, code) => {
    expect(await send(init)).toMatchObject({ status, body: { code, status } });
    await nothingKept();
  });

  it.each([
    ['a form', form(filePart(Buffer.alloc(limit + 1)))],
    ['a raw body', raw(Buffer.alloc(limit + 1))],
    ['a form that says so in its head', form(filePart(Buffer.alloc(limit * 5)))],
  ])('over the limit is refused in words that arrive: %s', async (_what, init) => {
    expect(await send(init)).toMatchObject({ status: 413, body: { code: 'upload.too-large', maxBytes: limit } });
    await nothingKept();
  });

  it('of exactly the limit is taken', async () => {
    expect((await send(form(filePart(Buffer.alloc(limit))))).status).toBe(202);
  });

  it('over the limit and of unknown length is refused while it is sent, and hung up on', async () => {
    const head = `POST /api/assets HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const { socket, received, closed } = await wire(gateway.port, head);
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000), Buffer.from('\r\n')]);
    const sending = setInterval(() => socket.writable && socket.write(chunk), 1);
    await closed;
    clearInterval(sending);
    expect(received()).toMatch(/^HTTP\/1.1 413 [^]*Connection: close[^]*upload.too-large/);
    await nothingKept();
  });

  it('whose sender asks first is refused before a byte', async () => {
    const head = `POST /api/assets HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: ${limit * 9}\r\nExpect: 100-continue\r\n\r\n`;
    const { socket, received } = await wire(gateway.port, head);
    await until('an answer', () => received().includes('\r\n\r\n{'));
    socket.destroy();
    expect(received()).toMatch(/^HTTP\/1.1 413 /);
    expect(gateway.calls).toEqual([]);
  });

  it('whose sender asks first is asked for its bytes', async () => {
    const head = `POST /api/assets HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`;
    const { socket, received, closed } = await wire(gateway.port, head);
    await until('100 Continue', () => received().startsWith('HTTP/1.1 100 '));
    socket.write('bytes');
    await closed;
    expect(received()).toContain('HTTP/1.1 202 ');
  });

  const rawHead = `POST /api/assets HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: 500000\r\n\r\n`;
  const formHead = `POST /api/assets HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: 500000\r\n\r\n`;
  const begun: [string, Buffer][] = [
    ['within a raw body', Buffer.concat([Buffer.from(rawHead), picture])],
    ['within the file of a form', Buffer.concat([Buffer.from(formHead), filePart(picture).subarray(0, 90_000)])],
    ['after the file of a form', Buffer.concat([Buffer.from(formHead), filePart(picture), part('name="title"', 'x')])],
  ];

  it.each(begun)('whose sender leaves %s is given up, and nothing is kept', async (_where, bytes) => {
    const { socket } = await wire(gateway.port, bytes);
    await until('the upload has begun', async () => (await gateway.temporary()).length > 0);
    socket.destroy();
    await until('it was given up', () => gateway.abandoned.length > 0);
    expect(gateway.abandoned).toEqual(['upload.aborted']);
    await nothingKept();
    expect(gateway.log).toEqual([]);
  });

  it.each(begun)('whose sender falls silent %s is ended, and nothing is kept', async (_where, bytes) => {
    expect(await exchange(gateway.port, bytes)).toMatch(/^HTTP\/1.1 400 [^]*upload.aborted/);
    expect(gateway.abandoned).toEqual(['upload.aborted']);
    await nothingKept();
  });

  it('whose sender leaves before the file of its form leaves nothing running', async () => {
    const { socket } = await wire(gateway.port, Buffer.concat([Buffer.from(formHead), part('name="title"', 'x')]));
    const { http } = gateway.broker.getLocalService('api') as unknown as { http: Server };
    const connections = () => new Promise<number>((resolve) => http.getConnections((_, count) => resolve(count)));
    await until('it is connected', async () => (await connections()) > 0);
    socket.destroy();
    await until('it is gone', async () => (await connections()) === 0);
    expect(gateway.calls).toEqual([]);
    await nothingKept();
  });

  it('does no harm to the next one on the same connection', async () => {
    const request = (body: string) =>
      `POST /api/assets HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const answer = await exchange(
      gateway.port,
      `${request('one')}${request('two')}GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 202', 'HTTP/1.1 202', 'HTTP/1.1 200']);
    expect(gateway.assets.size).toBe(2);
  });
});
