import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { get, request as requestOf } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openapi } from '../../../services/api/openapi.ts';
import type { EventHub } from '../../../services/api/event-hub.ts';
import { VitrailError } from '../../../services/contracts/errors.ts';
import { until } from '../../fixtures/until.ts';
import { type App, samples, settled, startApp } from '../app.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { type Named, type Operation, operationsOf, requestFor, type Sent } from './operations.ts';

/** Every status that the document promises is provoked here, of every operation, and every answer is what the document says it is. */
const documented = operationsOf(openapi({ manifests: [], version: '0', guarded: true }));
const cases = documented.flatMap((operation) => [...operation.responses.keys()].map((status) => [operation.id, status] as const));

interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

const key = 'a-key-of-sixteen-or-more';
const nobody = '01BX5ZZKBKACTAV9WEVGEMMVRZ';
const photo = readFileSync(join(samples, 'sunset.jpg'));
const maxUpload = 3_000_000;
const b64 = (text: string): string => Buffer.from(text).toString('base64');

let app: App;
let guarded: TestGateway;
let limited: TestGateway;
let fakes: TestGateway;
let away: TestGateway;
/** Sends clients to the store for large files. */
let afar: TestGateway;
let named: Named;

async function send(base: string, { path, method, headers, body }: Sent): Promise<Answer> {
  const response = await fetch(base + path, { method, headers, ...(body !== undefined && { body }), redirect: 'manual' });
  if (response.headers.get('content-type') === 'text/event-stream') {
    await response.body?.cancel();
    return { status: response.status, headers: response.headers, body: undefined };
  }
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get('content-type')?.includes('json') === true && bytes.length > 0;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(bytes.toString()) : bytes };
}

/** The same under another name, which fetch does not let one choose. */
const sendTo = (host: string, base: string, { path, method, headers, body }: Sent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = requestOf(base + path, { method, headers: { ...headers, host } }, (response) => {
      buffer(response).then((bytes) => {
        const answered = new Headers(response.headers as Record<string, string>);
        resolve({
          status: response.statusCode ?? 0,
          headers: answered,
          body: bytes.length > 0 ? JSON.parse(bytes.toString()) : bytes,
        });
      }, reject);
    });
    request.on('error', reject);
    request.end(body);
  });

/** A connection that asks to become a WebSocket. */
const upgrade = (base: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = get(`${base}/api/live`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
        'sec-websocket-protocol': 'vitrail.v1',
        ...headers,
      },
    });
    request.on('error', reject);
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: new Headers(), body: undefined });
    });
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: new Headers(response.headers as Record<string, string>),
          body: text === '' ? undefined : JSON.parse(text),
        }),
      );
    });
  });

const to = (operation: Operation, some: Partial<Named> = {}): Sent => requestFor(operation, { ...named, ...some });
const withHeaders = (sent: Sent, headers: Record<string, string>): Sent => ({
  ...sent,
  headers: { ...sent.headers, ...headers },
});
const withQuery = (sent: Sent, query: string): Sent => ({ ...sent, path: `${sent.path}?${query}` });
const withBody = (sent: Sent, body: Sent['body']): Sent => ({ ...sent, body: body ?? '' });
const sendsJson = ({ headers }: Sent): boolean => headers['content-type'] === 'application/json';

async function upload(): Promise<string> {
  const body = Buffer.concat([photo, randomBytes(8)]);
  const { body: asset } = await send(app.base, {
    path: '/api/assets',
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body,
  });
  return (asset as { id: string }).id;
}
const tus = (path: string, method: string, headers: Record<string, string>, body?: Sent['body']): Promise<Answer> =>
  send(app.base, { path, method, headers: { 'tus-resumable': '1.0.0', ...headers }, ...(body !== undefined && { body }) });
const offsetStream = { 'content-type': 'application/offset+octet-stream' };

async function openUpload(length = 100): Promise<string> {
  const { headers } = await tus('/api/uploads', 'POST', { 'upload-length': String(length) });
  return headers.get('location')?.split('/').at(-1) ?? '';
}
async function filledUpload(bytes: Buffer<ArrayBuffer>): Promise<string> {
  const id = await openUpload(bytes.length);
  await tus(`/api/uploads/${id}`, 'PATCH', { 'upload-offset': '0', ...offsetStream }, bytes);
  return id;
}
async function tag(name: string): Promise<string> {
  const body = JSON.stringify({ name });
  await send(app.base, { path: '/api/tags', method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return name;
}

/** Has all actions behind a gateway fail for a moment. */
async function failing(error: Error, run: (gateway: TestGateway) => Promise<Answer>): Promise<Answer> {
  fakes.before('*', () => Promise.reject(error));
  try {
    return await run(fakes);
  } finally {
    fakes.before('*', () => Promise.resolve());
  }
}

/** The first of two requests with one key waits for the second. */
async function underWay(operation: Operation): Promise<Answer> {
  const held = Promise.withResolvers<void>();
  fakes.before('*', () => held.promise);
  const request = withHeaders(to(operation), { 'idempotency-key': randomUUID() });
  const calls = fakes.calls.length;
  const first = send(fakes.base, request);
  await until('the first is under way', () => fakes.calls.length > calls);
  const second = await send(fakes.base, request);
  fakes.before('*', () => Promise.resolve());
  held.resolve();
  await first;
  return second;
}

const noRoom = Object.assign(new Error('no room'), { code: 'ENOSPC' });
const tooMany = Array.from({ length: 101 }, (_, n) => `p${n}=1`).join('&');

/** How any operation comes to answer so. */
const general: Record<number, (operation: Operation) => Promise<Answer>> = {
  200: (operation) => send(app.base, to(operation)),
  201: (operation) => send(app.base, to(operation)),
  204: (operation) => send(app.base, to(operation)),
  400: (operation) => {
    const request = to(operation);
    return send(app.base, sendsJson(request) ? withBody(request, '{') : withQuery(request, tooMany));
  },
  401: (operation) => send(guarded.base, to(operation)),
  403: (operation) => send(fakes.base, withHeaders(to(operation), { origin: 'http://elsewhere.example' })),
  404: (operation) => send(app.base, to(operation, { asset: nobody, upload: nobody, tag: 'nobody', enricher: 'nobody' })),
  409: underWay,
  412: (operation) => send(app.base, withHeaders(to(operation), { 'if-match': '"0"' })),
  413: (operation) => {
    const request = withHeaders(to(operation), { 'content-type': 'application/json' });
    return send(app.base, withBody(request, JSON.stringify({ title: 'x'.repeat(1024 * 1024) })));
  },
  421: (operation) => sendTo('evil.example', app.base, to(operation)),
  422: (operation) => {
    const request = to(operation);
    return send(app.base, sendsJson(request) ? withBody(request, '{"nonsense":true}') : withQuery(request, 'nonsense=true'));
  },
  // The first of a minute is let through.
  429: async (operation) => {
    await send(limited.base, { path: '/api/search', method: 'GET', headers: {} });
    return send(limited.base, to(operation));
  },
  500: (operation) => failing(new Error('what nobody is told'), ({ base }) => send(base, to(operation))),
  503: (operation) =>
    failing(new VitrailError('engine.away', 'The database does not answer.'), ({ base }) => send(base, to(operation))),
  507: (operation) => failing(noRoom, ({ base }) => send(base, to(operation))),
};

const text = Buffer.from('This is no picture, but a line of text that is long enough to be looked at closely.');
const broken = Buffer.concat([photo.subarray(0, 20), randomBytes(200)]);
const metadata = { 'upload-length': '10', 'upload-metadata': `titel ${b64('x')}` };
const fillHub = (): (() => void) => {
  const { hub } = fakes.broker.getLocalService('api') as unknown as { hub: EventHub };
  const leaves: (() => void)[] = [];
  const listener = { rooms: new Set<never>(), tell: () => undefined, end: () => undefined };
  for (let n = 0; n < 500; n++) leaves.push(hub.add({ ...listener }));
  return () => leaves.forEach((leave) => leave());
};
const crowded = async (ask: () => Promise<Answer>): Promise<Answer> => {
  const leave = fillHub();
  return ask().finally(leave);
};

/** How an operation comes to answer so for a reason of its own. */
const own: Record<string, (operation: Operation) => Promise<Answer>> = {
  'upload 200': async (operation) => send(app.base, withBody(to(operation), photo)),
  'upload 202': async (operation) => send(app.base, withBody(to(operation), Buffer.concat([photo, randomBytes(8)]))),
  'openSession 204': () =>
    send(guarded.base, {
      path: '/api/session',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    }),
  'openSession 401': () =>
    send(guarded.base, {
      path: '/api/session',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: 'another-key-of-sixteen-or-more' }),
    }),
  'upload 400': async (operation) =>
    send(app.base, { ...to(operation), body: 'file=no', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  'upload 413': async (operation) => send(app.base, withBody(to(operation), Buffer.alloc(maxUpload + 1))),
  'upload 415': async (operation) => send(app.base, withBody(to(operation), text)),
  'events 422': (operation) => send(app.base, withQuery(to(operation), 'asset=nonsense')),
  'events 503': (operation) => crowded(() => send(fakes.base, to(operation))),
  'live 101': () => upgrade(app.base),
  'live 403': () => upgrade(app.base, { origin: 'http://elsewhere.example' }),
  'live 426': (operation) => send(app.base, to(operation)),
  'live 503': () => crowded(() => upgrade(fakes.base)),
  'openapi 304': async (operation) => {
    const { headers } = await send(app.base, to(operation));
    return send(app.base, withHeaders(to(operation), { 'if-none-match': headers.get('etag') ?? '' }));
  },
  'ready 503': (operation) => send(away.base, to(operation)),
  'media.get 304': async (operation) => {
    const { headers } = await send(app.base, to(operation));
    return send(app.base, withHeaders(to(operation), { 'if-none-match': headers.get('etag') ?? '' }));
  },
  'media.remove 204': async (operation) => send(app.base, to(operation, { asset: await upload() })),
  'original 307': async (operation) => {
    const { id } = await afar.store(Buffer.alloc(1), { bytes: 2 ** 21 });
    return send(afar.base, to(operation, { asset: id }));
  },
  'original 206': (operation) => send(app.base, withHeaders(to(operation), { range: 'bytes=0-9' })),
  'original 304': (operation) => send(app.base, withHeaders(to(operation), { 'if-none-match': '*' })),
  'original 409': (operation) =>
    failing(new VitrailError('media.pending', 'There is no poster yet.'), ({ base }) => send(base, to(operation))),
  'original 416': (operation) => send(app.base, withHeaders(to(operation), { range: 'bytes=99999999-' })),
  'variant 206': (operation) => send(app.base, withHeaders(to(operation), { range: 'bytes=0-9' })),
  'variant 304': (operation) => send(app.base, withHeaders(to(operation), { 'if-none-match': '*' })),
  'variant 409': (operation) =>
    failing(new VitrailError('media.pending', 'There is no poster yet.'), ({ base }) => send(base, to(operation))),
  'variant 416': (operation) => send(app.base, withHeaders(to(operation), { range: 'bytes=99999999-' })),
  'tags.create 201': async (operation) =>
    send(app.base, withBody(to(operation), JSON.stringify({ name: `tag-${randomUUID()}` }))),
  'tags.edit 200': async (operation) => send(app.base, to(operation, { tag: await tag('cat') })),
  'tags.edit 409': async (operation) => {
    const [one, two] = [await tag('one'), await tag('two')];
    return send(app.base, withBody(to(operation, { tag: one }), JSON.stringify({ name: two })));
  },
  'tags.remove 204': async (operation) => send(app.base, to(operation, { tag: await tag('gone-soon') })),
  'tags.suggest 404': (operation) => send(app.base, withQuery(to(operation), `for=${nobody}`)),
  'pipeline.forgetEnricher 204': (operation) => send(fakes.base, to(operation)),
  'pipeline.forgetEnricher 409': (operation) => send(app.base, to(operation)),
  'uploads.create 400': () => tus('/api/uploads', 'POST', {}),
  'uploads.create 412': () => send(app.base, { path: '/api/uploads', method: 'POST', headers: { 'upload-length': '1' } }),
  'uploads.create 413': () => tus('/api/uploads', 'POST', { 'upload-length': String(maxUpload + 1) }),
  'uploads.create 415': () => tus('/api/uploads', 'POST', { 'upload-length': String(text.length), ...offsetStream }, text),
  'uploads.create 422': () => tus('/api/uploads', 'POST', metadata),
  'uploads.append 204': async () =>
    tus(`/api/uploads/${await openUpload()}`, 'PATCH', { 'upload-offset': '0', ...offsetStream }, randomBytes(10)),
  'uploads.append 400': async () => tus(`/api/uploads/${await openUpload()}`, 'PATCH', offsetStream, randomBytes(1)),
  'uploads.append 409': async () =>
    tus(`/api/uploads/${await openUpload()}`, 'PATCH', { 'upload-offset': '5', ...offsetStream }, randomBytes(1)),
  'uploads.append 410': async (operation) => send(app.base, to(operation, { upload: await filledUpload(text) })),
  'uploads.append 412': async (operation) => send(app.base, withHeaders(to(operation), { 'tus-resumable': '0.2.2' })),
  'uploads.append 413': async () =>
    tus(`/api/uploads/${await openUpload(5)}`, 'PATCH', { 'upload-offset': '0', ...offsetStream }, randomBytes(6)),
  'uploads.append 415': async (operation) => send(app.base, withHeaders(to(operation), { 'content-type': 'image/jpeg' })),
  'uploads.append 422': async () => {
    const id = await openUpload(broken.length);
    return tus(`/api/uploads/${id}`, 'PATCH', { 'upload-offset': '0', ...offsetStream }, broken);
  },
  'uploads.offset 410': async (operation) => send(app.base, to(operation, { upload: await filledUpload(text) })),
  'uploads.offset 412': (operation) => send(app.base, { ...to(operation), headers: {} }),
  'uploads.terminate 204': async (operation) => send(app.base, to(operation, { upload: await openUpload() })),
  'uploads.terminate 409': async (operation) => send(app.base, to(operation, { upload: await filledUpload(photo) })),
  'uploads.terminate 410': async (operation) => send(app.base, to(operation, { upload: await filledUpload(text) })),
  'uploads.terminate 412': (operation) => send(app.base, { ...to(operation), headers: {} }),
};

describe('the document', () => {
  let operations: Map<string, Operation>;
  let document: Record<string, unknown>;
  const ajv = formats.default(new Ajv2020({ strict: false }));

  beforeAll(async () => {
    [app, guarded, limited, fakes, away, afar] = await Promise.all([
      startApp({ env: { VITRAIL_MAX_UPLOAD: String(maxUpload), VITRAIL_OPEN_UPLOADS: '1000' } }),
      startGateway({ VITRAIL_API_KEYS: key }),
      startGateway({ VITRAIL_RATE_LIMIT: '1' }),
      startGateway(),
      startGateway({}, []),
      startGateway({ VITRAIL_S3_PUBLIC_ENDPOINT: 'https://store.example' }),
    ]);
    const { body } = await send(app.base, {
      path: '/api/assets',
      method: 'POST',
      headers: { 'content-type': 'image/jpeg' },
      body: photo,
    });
    const asset = await settled(app, (body as { id: string }).id);
    named = {
      asset: asset.id,
      upload: await openUpload(),
      tag: await tag('dog'),
      enricher: 'palette',
      variant: asset.variants[0]?.name ?? '',
    };
    document = (await send(app.base, { path: '/api/openapi.json', method: 'GET', headers: {} })).body as Record<string, unknown>;
    ajv.addSchema({ $id: 'document', components: document['components'] });
    operations = new Map(operationsOf(document).map((operation) => [operation.id, operation]));
  });
  afterAll(async () => {
    for (const one of [app, guarded, limited, fakes, away, afar]) await one[Symbol.asyncDispose]();
  });

  /** References of the document, as ajv finds them. */
  const schemaOf = (response: Record<string, unknown>): object | undefined => {
    const content = Object.values((response['content'] ?? {}) as Record<string, { schema: object }>)[0];
    return content && (JSON.parse(JSON.stringify(content.schema).replaceAll('"#/', '"document#/')) as object);
  };

  it.each(cases)('is right that %s may answer %d', async (id, status) => {
    const operation = operations.get(id)!;
    const provoke = own[`${id} ${status}`] ?? general[status];
    if (!provoke) throw new Error(`nothing here makes ${id} answer ${status}`);
    const answer = await provoke(operation);
    if (answer.status !== status) throw new Error(`it answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    const response = operation.responses.get(status) ?? {};
    const type = Object.keys(response['content'] ?? {})[0] ?? '';
    if (type.includes('json') && operation.method !== 'HEAD') {
      const valid = ajv.validate(schemaOf(response)!, answer.body);
      expect([valid, ajv.errorsText()]).toEqual([true, 'No errors']);
      expect(answer.headers.get('content-type')).toContain(type);
    }
    if (!operation.path.startsWith('/api') || operation.id === 'live') return;
    const promised = Object.keys((response['headers'] ?? {}) as Record<string, unknown>).filter((name) =>
      name.startsWith('RateLimit'),
    );
    for (const name of promised) expect([name, answer.headers.has(name)]).toEqual([name, true]);
  });

  it('promises nothing that is provoked nowhere, and nothing is provoked that it does not promise', () => {
    const promised = new Set(cases.map(([id, status]) => `${id} ${status}`));
    expect(Object.keys(own).filter((name) => !promised.has(name))).toEqual([]);
    expect([...operations.keys()].sort()).toEqual(documented.map(({ id }) => id).sort());
  });
});
