import type { IncomingMessage } from 'node:http';
import { rateLimit } from './rate-limit.ts';

const from = (address: string) => ({ address }) as unknown as IncomingMessage;
const addressOf = (req: IncomingMessage) => (req as unknown as { address: string }).address;

async function count(limit: ReturnType<typeof rateLimit>, address: string) {
  let headers: Record<string, string> = {};
  const refused = await limit(from(address), (told) => (headers = told)).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { headers, refused };
}

describe('a limit of requests', () => {
  it('lets each client ask so often, tells it what is left, and when there is more', async () => {
    const limit = rateLimit(2, addressOf);
    expect(await count(limit, 'a')).toEqual({
      headers: { 'RateLimit-Policy': '"default";q=2;w=60', RateLimit: '"default";r=1;t=60' },
      refused: undefined,
    });
    expect((await count(limit, 'a')).refused).toBeUndefined();
    const { headers, refused } = await count(limit, 'a');
    expect(refused).toMatchObject({ type: 'request.too-many' });
    const { retryAfter } = (refused as { data: { retryAfter: number } }).data;
    expect(retryAfter).toBeGreaterThan(0);
    expect(headers.RateLimit).toBe(`"default";r=0;t=${retryAfter}`);
    expect((await count(limit, 'b')).refused).toBeUndefined();
  });

  it('of none is none', async () => {
    const limit = rateLimit(0, addressOf);
    for (let n = 0; n < 100; n++) expect(await count(limit, 'a')).toEqual({ headers: {}, refused: undefined });
  });
});
