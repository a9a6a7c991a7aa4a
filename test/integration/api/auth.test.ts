import { startGateway, type TestGateway } from './gateway.ts';

const key = 'a-key-of-some-length';

describe('a gateway with keys', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ VITRAIL_API_KEYS: `${key},another-key-of-some-length` });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());
  const ask = (path: string, init: RequestInit = {}) => fetch(gateway.base + path, init);

  it.each(['/api/search', '/api/nothing', '/api', '/api/events', '/api/openapi.json', '/media/x', '/media/x/y'])(
    'refuses %s without one',
    async (path) => {
      const response = await ask(path);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(await response.json()).toMatchObject({ code: 'request.unauthorized' });
    },
  );

  it.each(['/API/search', '//api/search', '/api/../api/search', '/./api/search'])('has no way around it by %s', async (path) => {
    const calls = gateway.calls.length;
    expect((await ask(path)).status).toBeGreaterThanOrEqual(400);
    expect(gateway.calls.length).toBe(calls);
  });

  it.each(['/', '/health', '/ready'])('answers %s to everybody', async (path) => {
    expect((await ask(path)).status).toBe(200);
  });

  it('lets a key in, both ways', async () => {
    expect((await ask('/api/search', { headers: { Authorization: `Bearer ${key}` } })).status).toBe(200);
    expect((await ask('/api/search', { headers: { 'X-API-Key': key } })).status).toBe(200);
  });

  it('gives a browser a cookie for a key, with which everything opens, and takes it away', async () => {
    // A cookie is no answer that is kept for whoever comes with the same key again.
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'the-same-each-time' };
    const open = (body: object) => ask('/api/session', { method: 'POST', headers, body: JSON.stringify(body) });
    const refused = await open({ key: 'another-one-of-some-length' });
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([401, null]);
    expect((await open({ key: 7 })).status).toBe(422);
    await open({ key });
    const opened = await open({ key });
    const set = opened.headers.get('set-cookie') ?? '';
    expect([opened.status, set]).toEqual([
      204,
      expect.stringMatching(/^vitrail-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    expect(set).not.toContain(key);
    const [Cookie = ''] = set.split(';');
    expect((await ask('/api/search', { headers: { Cookie } })).status).toBe(200);
    const { id } = await gateway.store(Buffer.from('picture'));
    expect((await ask(`/media/${id}`, { headers: { Cookie } })).status).toBe(200);
    const foreign = await ask('/api/session', { method: 'POST', headers: { Origin: 'http://evil.example' } });
    expect(foreign.status).toBe(403);
    const ended = await ask('/api/session', { method: 'DELETE' });
    expect([ended.status, ended.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
  });

  it('refuses an upload before its bytes, in words that arrive', async () => {
    const response = await ask('/api/assets', {
      method: 'POST',
      body: Buffer.alloc(3_000_000),
      headers: { 'Content-Type': 'image/jpeg' },
    });
    expect(response.status).toBe(401);
    expect(gateway.calls.filter(([name]) => name.startsWith('ingest'))).toEqual([]);
  });

  it('lets no shared cache keep media', async () => {
    const { id } = await gateway.store(Buffer.from('picture'), { immutable: true });
    const response = await ask(`/media/${id}`, { headers: { 'X-API-Key': key } });
    expect(response.headers.get('cache-control')).toMatch(/^private/);
    expect(response.headers.get('vary')).toContain('Authorization');
  });

  it('never tells a key: not in the log, not to other nodes', async () => {
    await ask('/api/search', { headers: { Authorization: `Bearer wrong-${key}` } });
    const published = JSON.stringify(
      gateway.broker.registry.getServiceList({ withActions: true, withEvents: true, withSettings: true } as never),
    );
    for (const text of [gateway.log.join('\n'), published]) expect(text).not.toContain(key);
  });
});
