import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Asset } from '../../contracts/asset.ts';
import { VitrailError } from '../../contracts/errors.ts';
import type { Accepted, ResumableUpload } from '../../contracts/ingest.ts';
import { failureOf, problemOf } from '../problem.ts';
import { openTus } from './server.ts';

describe('HEAD of an upload whose bytes are all here, though the answer to the last of them failed', () => {
  const never = () => Promise.reject(new Error('not asked'));
  let finish: () => Promise<Accepted>;
  let server: Server;
  beforeAll(async () => {
    const stored: ResumableUpload = {
      id: 'U',
      state: 'stored',
      filename: '',
      bytes: 9,
      offset: 9,
      createdAt: new Date().toISOString(),
    };
    const tus = openTus({
      blobs: { receive: never },
      find: () => Promise.resolve(stored),
      open: never,
      append: never,
      terminate: never,
      finish: () => finish(),
      maxBytes: 100,
      idleMs: 1000,
      expiryMs: 1000,
    });
    server = createServer((req, res) => {
      tus(req, res).catch((error: unknown) => res.writeHead(problemOf(failureOf(error)).status).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());
  const head = () =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/uploads/U`, {
      method: 'HEAD',
      headers: { 'tus-resumable': '1.0.0' },
    });

  it('takes it in, and names its asset', async () => {
    finish = () => Promise.resolve({ asset: { id: 'A' } as Asset, created: true });
    const { status, headers } = await head();
    expect([status, headers.get('upload-offset'), headers.get('x-asset-id'), headers.get('x-asset-created')]).toEqual([
      200,
      '9',
      'A',
      'true',
    ]);
  });

  it.each([
    [503, new VitrailError('engine.away', 'The records are away.')],
    [410, new VitrailError('upload.type-refused', 'This is no picture or video.')],
  ])('is answered %d, not that it is whole, where that fails: %s', async (status, error) => {
    finish = () => Promise.reject(error);
    expect((await head()).status).toBe(status);
  });
});
