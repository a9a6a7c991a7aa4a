import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { serverThat } from '../../test/fixtures/server-that.ts';
import { clientOf } from './client.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'vitrail-client-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const { signal } = new AbortController();

it.each([429, 503])('sends a file again, from its first byte, when the server that answers %i says it may', async (status) => {
  const file = join(folder, 'large.jpg');
  const bytes = Buffer.alloc(5_000_000, 'picture');
  await writeFile(file, bytes);
  const taken: Buffer[] = [];
  let asked = 0;
  await using server = await serverThat((request, response) => {
    asked += 1;
    // Refused before it is read, as a limit of requests does.
    if (asked === 1) response.writeHead(status, { 'retry-after': '1' }).end();
    else
      void buffer(request).then((body) => {
        taken.push(body);
        response.writeHead(202).end(JSON.stringify({ id: 'a' }));
      });
  });
  const client = clientOf(new URL(server.base), undefined);
  expect(await client.upload(file, signal)).toEqual({ asset: { id: 'a' }, created: true });
  expect([asked, taken.length, taken[0]?.equals(bytes)]).toEqual([2, 1, true]);
});

it('says of a file that is gone that it is, not that nobody answers', async () => {
  await using server = await serverThat((request, response) =>
    request.resume().on('end', () => response.writeHead(202).end('{}')),
  );
  const client = clientOf(new URL(server.base), undefined);
  await expect(client.upload(join(folder, 'gone.jpg'), signal)).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' });
});
