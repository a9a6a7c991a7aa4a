import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlobError } from '../../drivers/blobs/port.ts';
import { answerProblem } from './answer.ts';
import { sendMedia, wishOf } from './media.ts';
import { parseTarget } from './target.ts';

const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const wish = (path: string, search = '', accept?: string) => wishOf({ path, search }, accept);
const notFound = expect.objectContaining({ type: 'route.not-found' }) as Error;

describe('what a media address wishes for', () => {
  it('is the original, a variant of that version, or a size', () => {
    expect(wish(`/media/${id}`)).toEqual({ id });
    expect(wish(`/media/${id}/webp%20640`, 'v=abc')).toEqual({ id, variant: 'webp 640', v: 'abc' });
    expect(wish(`/media/${id}`, 'w=640&h=480&fit=cover&format=webp')).toEqual({
      id,
      w: '640',
      h: '480',
      fit: 'cover',
      format: 'webp',
    });
  });

  it('follows Accept only where the format is still open', () => {
    expect(wish(`/media/${id}`, 'w=640', 'image/avif')).toEqual({ id, w: '640', accept: 'image/avif' });
    expect(wish(`/media/${id}`, 'w=640&format=png', 'image/avif')).not.toHaveProperty('accept');
    expect(wish(`/media/${id}/x.jpg`, 'v=1', 'image/avif')).not.toHaveProperty('accept');
    expect(wish(`/media/${id}`, '', 'image/avif')).not.toHaveProperty('accept');
  });

  it('takes no more of a long Accept than the contract allows', () => {
    expect(wish(`/media/${id}`, 'w=640', 'a'.repeat(5000)).accept).toHaveLength(1000);
  });

  it.each(['/media/', `/media/${id}/`, `/media/${id}/a/b`])('is nothing for %s', (path) => {
    expect(() => wish(path)).toThrow(notFound);
  });
});

it('asks to come again while the store of bytes is away, whether it would send a file whole or stream it', async () => {
  const away = () => Promise.reject(new BlobError('blob.unavailable', 'connect ECONNREFUSED 10.0.0.7:9000'));
  const logged: unknown[] = [];
  const logger = { error: (...line: unknown[]) => logged.push(line) } as never;
  const located = { key: 'originals/a', type: 'image/png', bytes: 3, filename: 'a.png', etag: '"a"', immutable: true };
  const server = createServer((req, res) => {
    const whole = req.url?.endsWith('whole.png') ? away : () => undefined;
    const options = {
      locate: async () => ({ ...located, varies: false }),
      blobs: { read: away },
      hot: { whole },
      elsewhere: () => undefined,
      guarded: false,
    };
    sendMedia(req, res, parseTarget(req.url ?? ''), options).catch((error: unknown) =>
      answerProblem(req, res, error, { logger }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const name of ['whole.png', 'streamed.png']) {
    const answer = await fetch(`http://127.0.0.1:${port}/media/${id}/${name}`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'engine.away' });
    expect(text).not.toContain('10.0.0.7');
  }
  server.close();
  server.closeAllConnections();
  expect(logged).toEqual([]);
});
