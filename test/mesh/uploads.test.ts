import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResumableUpload } from '../../services/contracts/ingest.ts';
import { withServers } from '../fixtures/servers.ts';
import { until } from '../fixtures/until.ts';
import { wire } from '../integration/api/wire.ts';
import { ask, samples, settled } from '../integration/app.ts';
import { openMesh, startReady, type Node } from './fixture.ts';

const tus = { 'tus-resumable': '1.0.0' };
const photo = readFileSync(join(samples, 'two-dogs.jpg'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** More than one part, which has 64 MiB. */
const large = (): Buffer<ArrayBuffer> => Buffer.concat([photo, randomBytes(90_000_000)]);
const quick = { VITRAIL_RECONCILE_SECONDS: '1', VITRAIL_UPLOAD_IDLE_SECONDS: '2' };

const open = async (edge: Node, bytes: Uint8Array): Promise<string> => {
  const headers = { ...tus, 'upload-length': String(bytes.length) };
  return (await ask(edge, '/api/uploads', { method: 'POST', headers })).headers.get('location') ?? '';
};
const look = async (edge: Node, path: string): Promise<ResumableUpload> => (await ask<ResumableUpload>(edge, path)).body;
const patch = (edge: Node, path: string, bytes: Buffer<ArrayBuffer>, offset: number) =>
  ask(edge, path, {
    method: 'PATCH',
    headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    body: bytes.subarray(offset),
  });

withServers(['mongo', 's3', 'opensearch', 'jetstream'], (env) => {
  it('an upload goes on at another edge when its own is killed, and is taken in although a core is', async () => {
    const mesh = openMesh({ ...env, ...quick });
    const [one, two, core] = await Promise.all([
      startReady(mesh, 'edge-1', 'edge'),
      startReady(mesh, 'edge-2', 'edge'),
      startReady(mesh, 'core-1', 'core'),
      startReady(mesh, 'worker-1', 'worker'),
    ]);
    const bytes = large();
    const path = await open(one, bytes);
    const { socket, closed } = await wire(
      Number(new URL(one.base).port),
      `PATCH ${path} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    socket.write(bytes.subarray(0, 80_000_000));
    await until('a part is there', async () => (await look(two, path)).offset > 0);
    await one.kill();
    await closed;
    const { offset } = await look(two, path);
    expect(offset).toBe(64 * 1024 * 1024);

    // The core dies with the last byte: whatever the sender hears, the upload is whole, and the next core takes it in.
    const last = patch(two, path, bytes, offset);
    await until('all bytes are here', async () => (await look(two, path).catch(() => undefined))?.state === 'stored');
    await core.kill();
    await startReady(mesh, 'core-1', 'core');
    await last;
    const upload = await until('it is taken in', async () => {
      const seen = await look(two, path);
      return seen.state === 'accepted' && seen;
    });
    const asset = await settled(two, upload.assetId ?? '');
    expect(asset).toMatchObject({ sha256: sha256(bytes), bytes: bytes.length, state: 'ready' });
    expect(sha256((await ask<Buffer>(two, `/media/${asset.id}`)).body)).toBe(sha256(bytes));
  }, 300_000);

  it('a request that was done at one edge is answered by the other as it was', async () => {
    const mesh = openMesh(env);
    const [one, two] = await Promise.all([
      startReady(mesh, 'edge-1', 'edge'),
      startReady(mesh, 'edge-2', 'edge'),
      startReady(mesh, 'core-1', 'core'),
    ]);
    const key = randomUUID();
    const bytes = Buffer.concat([photo, randomBytes(8)]);
    const send = (edge: Node) =>
      ask(edge, '/api/assets', {
        method: 'POST',
        headers: { 'content-type': 'image/jpeg', 'idempotency-key': key },
        body: bytes,
      });
    const first = await send(one);
    await one.kill();
    const again = await send(two);
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 202, 'true']);
    expect(again.body).toEqual(first.body);
  }, 300_000);
});
