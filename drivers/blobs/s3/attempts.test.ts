import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { BlobStore } from '../port.ts';
import { openS3Blobs } from '../s3.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const status =
  (code: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end(body);
const refuse = (code: number, reason: string, more = ''): Answer =>
  status(code, `<Error><Code>${reason}</Code><Message>no</Message>${more}</Error>`);
const cut: Answer = (request) => request.socket.destroy();

/** What real stores seldom do, told to a driver by a server that follows a script; requests beyond it are refused. */
describe('a store that is busy, cuts connections and loses answers', () => {
  let script: Answer[] = [];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => (script.shift() ?? refuse(400, 'BeyondTheScript'))(request, response));
  });
  let store: BlobStore;
  const warnings: string[] = [];

  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    script = [status(503), cut, status(200), status(501)];
    store = await openS3Blobs({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      accessKey: 'the-access-key',
      secretKey: 'the-secret-key',
      bucket: 'scripted',
      warn: (message) => warnings.push(message),
    });
  });
  beforeEach(() => void (asked.length = 0));
  afterAll(async () => {
    await store.close();
    server.closeAllConnections();
    server.close();
  });

  it('is opened all the same, and without rules for tmp/ where it has none', () => {
    expect(script).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('tmp/')]);
  });

  it('is asked again while it may pass, and once where it does not', async () => {
    script = [status(500), cut, status(429), refuse(503, 'SlowDown'), status(404)];
    expect(await store.stat('cache/x')).toBeNull();
    expect(asked).toHaveLength(5);
    script = [];
    await expect(store.stat('cache/x')).rejects.toMatchObject({ code: 'blob.unavailable' });
    expect(asked).toHaveLength(6);
  });

  it('is not quoted where it repeats the request it refuses', async () => {
    const told = '<StringToSign>AWS4-HMAC-SHA256 x</StringToSign><AWSAccessKeyId>the-access-key</AWSAccessKeyId>';
    script = [refuse(403, 'SignatureDoesNotMatch', told)];
    const refused = await store.read('cache/x').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'blob.unavailable', message: expect.stringContaining('SignatureDoesNotMatch') });
    expect(inspect(refused, { depth: null, showHidden: true })).not.toMatch(/AWS4|the-access-key|the-secret-key/);
  });

  const begun = status(200, '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>');
  const part = status(200, '', { etag: '"e"' });
  const bytes = Buffer.alloc(9 * 1024 * 1024);

  it('may lose the answer to the end of an upload: the object says that it is done', async () => {
    let mark = '';
    const begin: Answer = (request, response) => {
      mark = String(request.headers['x-amz-meta-vitrail-upload']);
      begun(request, response);
    };
    const found: Answer = (_, response) =>
      response.writeHead(200, { 'x-amz-meta-vitrail-upload': mark, 'content-length': '9' }).end();
    script = [begin, part, cut, part, cut, refuse(404, 'NoSuchUpload'), found];
    expect(await store.put('cache/x', bytes)).toMatchObject({ bytes: bytes.length });
    expect(script).toEqual([]);
  });

  it('does not pass what was there before for what was to be written', async () => {
    const other = status(200, '', { 'x-amz-meta-vitrail-upload': 'another', 'content-length': '9' });
    script = [begun, part, part, cut, refuse(404, 'NoSuchUpload'), other, status(204)];
    await expect(store.put('cache/x', bytes)).rejects.toMatchObject({ code: 'blob.aborted' });
    expect(asked.at(-1)).toBe('DELETE /scripted/cache/x?uploadId=u1');
  });

  it('does not confirm a copy by "200 OK" alone', async () => {
    const done = '<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>';
    const size = status(200, '', { 'content-length': '10', etag: '"e"' });
    script = [size, refuse(200, 'InternalError'), status(200, done), status(204)];
    await store.commit('tmp/a', 'originals/a');
    expect(script).toEqual([]);
    const large = status(200, '', { 'content-length': String(65 * 1024 * 1024), etag: '"e"' });
    const copied = status(200, done.replaceAll('CopyObject', 'CopyPart'));
    const complete = status(
      200,
      '<CompleteMultipartUploadResult><Location>l</Location><Bucket>b</Bucket><Key>k</Key><ETag>"e-2"</ETag></CompleteMultipartUploadResult>',
    );
    script = [large, begun, refuse(200, 'InternalError'), copied, copied, complete, status(204)];
    await store.commit('tmp/a', 'originals/a');
    expect(script).toEqual([]);
  });
});
