import { startGateway, type TestGateway } from './gateway.ts';

describe('the page that shows the API', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ VITRAIL_API_KEYS: 'a-key-of-sixteen-or-more', VITRAIL_RATE_LIMIT: '1' });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());
  const ask = (path: string, init: RequestInit = {}) => fetch(gateway.base + path, init);

  it('is served with all that it names, without a key, and within the policy of the page', async () => {
    const page = await ask('/api/docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await page.text();
    const named = [...html.matchAll(/(?:src|href)="(\/api\/docs\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(named).toHaveLength(4);
    for (const path of named) expect([path, (await ask(path)).status]).toEqual([path, 200]);
    expect(html).not.toMatch(/<script>|style=| on\w+=/);
  });

  it('is kept by who has it, and sent small', async () => {
    const first = await ask('/api/docs/swagger-ui-bundle.js');
    expect(first.headers.get('content-encoding')).toBe('gzip');
    expect(Number(first.headers.get('content-length'))).toBeLessThan(700_000);
    const again = await ask('/api/docs/swagger-ui-bundle.js', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    const plain = await ask('/api/docs/start.js', { headers: { 'accept-encoding': 'identity' } });
    expect([plain.headers.get('content-encoding'), plain.headers.get('vary')]).toEqual([null, 'Accept-Encoding']);
  });

  it('is nothing else', async () => {
    expect((await ask('/api/docs', { method: 'POST' })).status).toBe(405);
    expect([401, 404, 429]).toContain((await ask('/api/docs/package.json')).status);
    expect([400, 401, 404, 429]).toContain((await ask('/api/docs/..%2fopenapi.ts')).status);
  });
});
