import { Errors } from 'moleculer';
import { newAsset, startGateway, type TestGateway } from './gateway.ts';
import { exchange } from './wire.ts';

describe('the gateway', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(gateway.base + path, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (text.startsWith('{') ? JSON.parse(text) : undefined) as Record<string, unknown> | undefined,
    };
  };
  const json = (method: string, body: string, type = 'application/json'): RequestInit => ({
    method,
    body,
    headers: { 'Content-Type': type },
  });
  const lastCall = () => gateway.calls.at(-1);
  const known = () => {
    const asset = newAsset();
    gateway.assets.set(asset.id, asset);
    return asset;
  };

  it('is ready as soon as it has started: no route comes later', async () => {
    expect(await ask('/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
    expect(await ask('/health')).toMatchObject({
      status: 200,
      body: { status: 'ok', version: expect.stringMatching(/^\d/), uptimeSeconds: expect.any(Number) },
    });
    expect((await ask('/api/search')).status).toBe(200);
  });

  it('answers GET, PATCH and DELETE of an asset', async () => {
    const { id } = known();
    expect((await ask(`/api/assets/${id}`)).body).toMatchObject({ id });
    expect((await ask(`/api/assets/${id}`, json('PATCH', '{"title":"Barn"}'))).body).toMatchObject({ id, title: 'Barn' });
    expect(await ask(`/api/assets/${id}`, { method: 'DELETE' })).toMatchObject({ status: 204, text: '' });
    expect(await ask(`/api/assets/${id}`)).toMatchObject({ status: 404, body: { code: 'asset.not-found' } });
  });

  it('lets pages show what comes from the store under its public name, and from nowhere else', async () => {
    const policy = async ({ base }: TestGateway): Promise<string> =>
      (await fetch(base + '/')).headers.get('content-security-policy') ?? '';
    await using told = await startGateway({ VITRAIL_S3_PUBLIC_ENDPOINT: 'https://bytes.example:9000' });
    const own = await policy(gateway);
    expect(own).toContain("img-src 'self' data: blob:; media-src 'self' blob:;");
    expect(await policy(told)).toBe(own.replaceAll(/(?<=(?:img|media)-src 'self')/g, ' https://bytes.example:9000'));
  });

  it('answers HEAD as GET, without a body', async () => {
    const { id } = known();
    expect(await ask(`/api/assets/${id}`, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect((await ask('/api/assets/none', { method: 'HEAD' })).status).toBe(404);
  });

  it('tells what goes wrong as a problem with the name of the request', async () => {
    const { status, headers, body } = await ask('/api/search?limit=many', { headers: { 'X-Request-ID': 'my-request-1' } });
    expect(status).toBe(422);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('x-request-id')).toBe('my-request-1');
    expect(body).toMatchObject({
      type: 'urn:vitrail:error:params.invalid',
      code: 'params.invalid',
      status: 422,
      instance: 'urn:vitrail:request:my-request-1',
      issues: [{ path: 'limit' }],
    });
  });

  it('takes no name for a request that could do harm in a log', async () => {
    for (const headers of [
      { 'X-Request-ID': 'a b' },
      { 'X-Request-ID': 'x'.repeat(500) },
      { 'X-Correlation-ID': 'chosen-by-client' },
    ]) {
      const { headers: answered } = await ask('/api/search', { headers: headers as unknown as Record<string, string> });
      expect(answered.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    }
  });

  it('tells nothing of an unexpected failure, but logs it with the name of the request', async () => {
    const { status, text, body } = await ask('/api/quarantine', { headers: { 'X-Request-ID': 'find-me-again' } });
    expect(status).toBe(500);
    expect(body).toEqual({
      type: 'urn:vitrail:error:server.internal',
      title: expect.any(String),
      status: 500,
      code: 'server.internal',
      instance: 'urn:vitrail:request:find-me-again',
    });
    expect(text).not.toContain('secret');
    expect(gateway.log.join('\n')).toMatch(/find-me-again.*secret: the fake/);
  });

  it('asks to come again when the mesh is overloaded', async () => {
    await using overloaded = await startGateway({}, ['media', 'tags', 'pipeline', 'ingest', 'nodes']);
    overloaded.broker.createService({
      name: 'search',
      actions: {
        query: {
          visibility: 'published',
          handler() {
            throw new Errors.QueueIsFullError({ action: 'search.query', nodeID: 'n1' });
          },
        },
      },
    });
    await overloaded.broker.waitForServices('search');
    const response = await fetch(`${overloaded.base}/api/search`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await response.json()).toMatchObject({ code: 'server.busy' });
  });

  it.each([
    ['/api/nothing', 404],
    ['/api', 404],
    ['/api/~node/options', 404],
    ['/api/$node/options', 404],
    ['/api/api/listAliases', 404],
    ['/api/list-aliases', 404],
    ['/api/media/create', 404],
    ['/api/media.create', 404],
    ['/API/search', 404],
    ['//api/search', 404],
    ['/api/assets/..%2f..%2fetc', 400],
    ['/media/%00', 400],
    ['/media/..%2f..%2fetc%2fpasswd', 400],
    ['/media/nonsense', 404],
    ['/%', 400],
    ['/%2e%2e/package.json', 404],
    ['/..%5cpackage.json', 400],
    ['/.git/config', 404],
    ['/nothing.html', 404],
    [`/api/search?q=${'a'.repeat(9000)}`, 422],
    [`/api/search?${'a=1&'.repeat(200)}`, 400],
    ['/api/assets/%7B%22$gt%22:%22%22%7D', 404],
    ['/api/search?q[$regex]=.*&limit[$gt]=1', 200],
    ['/api/search?limit=1&limit=2', 422],
  ])('answers %s with %i, and never with a 5xx', async (path, status) => {
    const answer = await ask(path);
    expect([path.slice(0, 60), answer.status]).toEqual([path.slice(0, 60), status]);
    if (status >= 400) expect(answer.body).toMatchObject({ status, title: expect.any(String), code: expect.any(String) });
    expect(answer.text).not.toMatch(/"dependencies"|root:|node_modules/);
  });

  it('gives paths that a client would have tidied up no more than others', async () => {
    for (const path of ['/../package.json', '/../../etc/passwd', '/media/../../package.json', '/./../main.ts']) {
      const answer = await exchange(gateway.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1.1 40[04] /);
      expect(answer).not.toContain('dependencies');
    }
  });

  it('passes brackets on as names, never as objects', async () => {
    await ask('/api/search?tags[$ne]=x&q=a&q=b');
    expect(lastCall()).toEqual(['search.query', expect.anything()]);
    await ask('/api/search?tags[$ne]=x');
    expect(lastCall()?.[1]).toMatchObject({ 'tags[$ne]': 'x' });
  });

  it('lets the path win over query and body', async () => {
    const { id } = known();
    const other = known();
    await ask(`/api/assets/${id}?id=${other.id}`, json('PATCH', JSON.stringify({ id: other.id, title: 'Mine' })));
    expect(lastCall()).toEqual(['media.edit', { id, title: 'Mine' }]);
  });

  it.each([
    [json('PATCH', '{"title":"x"}', 'text/plain'), 400],
    [json('PATCH', 'title=x', 'application/x-www-form-urlencoded'), 400],
    [json('PATCH', '{"title":'), 400],
    [json('PATCH', '[1]'), 400],
    [json('PATCH', 'null'), 400],
    [json('PATCH', '{"__proto__":{"title":"x"}}'), 400],
    [json('PATCH', '{"titel":"x"}'), 422],
    [json('PATCH', '{"rating":{"$gt":0}}'), 422],
    [json('PATCH', JSON.stringify({ title: 'x'.repeat(1024 * 1024) })), 413],
    [json('PATCH', '{"title":"x"}', 'application/json; charset=utf-8'), 200],
    [{ method: 'PATCH' }, 200],
  ])('reads a body only as a JSON object: %j', async (init, status) => {
    const { id } = known();
    expect((await ask(`/api/assets/${id}`, init)).status).toBe(status);
    expect(({} as Record<string, unknown>)['title']).toBeUndefined();
  });

  it('names the methods of an address that does not answer this one', async () => {
    const { id } = known();
    for (const [method, path, allow] of [
      ['PUT', '/api/assets', 'POST'],
      ['POST', `/api/assets/${id}`, 'DELETE, GET, HEAD, PATCH'],
      ['POST', '/', 'GET, HEAD'],
      ['DELETE', `/media/${id}`, 'GET, HEAD'],
      ['POST', '/ready', 'GET, HEAD'],
    ] as const) {
      const { status, headers, body } = await ask(path, { method });
      expect([path, status, headers.get('allow'), body?.['code']]).toEqual([path, 405, allow, 'method.not-allowed']);
    }
  });

  it('does not do what a preflight only asks about', async () => {
    const { id } = known();
    const preflight = {
      method: 'OPTIONS',
      headers: { 'Access-Control-Request-Method': 'DELETE', Origin: 'http://evil.example' },
    };
    const { status, headers } = await ask(`/api/assets/${id}`, preflight);
    expect(status).toBe(405);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(gateway.assets.has(id)).toBe(true);
  });

  it('lets no page of another origin change anything', async () => {
    const { id } = known();
    const { status } = await ask(`/api/assets/${id}`, { method: 'DELETE', headers: { Origin: 'http://evil.example' } });
    expect(status).toBe(403);
    expect(gateway.assets.has(id)).toBe(true);
  });

  it.each([
    ['garbage', 'this is not HTTP\r\n\r\n', 400],
    ['a head without a host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a head that is too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 400],
    ['a length that is no number', 'POST /api/assets HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400],
    ['two lengths', 'POST /api/assets HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['an address of another server', 'GET http://else.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ])('answers %s with a 4xx', async (_what, text, status) => {
    expect(await exchange(gateway.port, text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await ask('/health')).status).toBe(200);
  });

  it('serves the page with what keeps it safe', async () => {
    const { status, headers, text } = await ask('/');
    expect(status).toBe(200);
    expect(text).toMatch(/^<!doctype html>/i);
    expect(headers.get('etag')).toBeTruthy();
    for (const path of ['/', '/api/search', '/api/nothing', '/health', '/nothing']) {
      const answer = await ask(path);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('lets nothing run in the page but what it is made of', async () => {
    const { headers } = await ask('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'self' 'sha256-[^']{44}'$/);
    expect(policy).not.toContain('unsafe');
  });

  it('sends the page compressed to who takes that, and nothing to who has it', async () => {
    const plain = await fetch(`${gateway.base}/main.js`, { headers: { 'Accept-Encoding': 'identity' } });
    const zipped = await fetch(`${gateway.base}/main.js`, { headers: { 'Accept-Encoding': 'gzip' } });
    expect([plain.headers.get('content-encoding'), zipped.headers.get('content-encoding')]).toEqual([null, 'gzip']);
    expect(await zipped.text()).toBe(await plain.text());
    expect([plain.headers.get('cache-control'), plain.headers.get('vary')]).toEqual(['no-cache', 'Accept-Encoding']);
    const tag = zipped.headers.get('etag') ?? '';
    expect(tag).not.toBe(plain.headers.get('etag'));
    const again = await fetch(`${gateway.base}/main.js`, { headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': tag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const head = await ask('/main.js', { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it('describes itself, and answers who has that description with 304', async () => {
    const { headers, body } = await ask('/api/openapi.json');
    expect(body).toMatchObject({ openapi: '3.1.0' });
    const again = await ask('/api/openapi.json', { headers: { 'If-None-Match': headers.get('etag') ?? '' } });
    expect(again).toMatchObject({ status: 304, text: '' });
  });
});

describe('the gateway before its services', () => {
  it('is not ready, says why, and answers busy', async () => {
    await using gateway = await startGateway({}, ['media', 'tags', 'pipeline', 'ingest', 'nodes']);
    const ready = await fetch(`${gateway.base}/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      {
        status: 'not-ready',
        reasons: ['service search: no node hosts it'],
      },
    ]);
    expect((await fetch(`${gateway.base}/health`)).status).toBe(200);
    const search = await fetch(`${gateway.base}/api/search`);
    expect([search.status, search.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect(await search.json()).toMatchObject({ code: 'server.busy' });
  });
});
