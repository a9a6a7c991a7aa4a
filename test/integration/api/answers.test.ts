/** Whether OpenAPI says of all the ways in which requests that concern the mesh are answered; that it says no others, statuses.test.ts shows. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Errors, type Middleware, ServiceBroker } from 'moleculer';
import { loadConfig } from '../../../config/index.ts';
import { ports, type Ports } from '../../../config/ports.ts';
import { openSqliteRecords } from '../../../drivers/records/sqlite/open.ts';
import { catalogOf } from '../../../mixins/catalog.ts';
import { addressOf } from '../../../services/api/address.ts';
import api from '../../../services/api/api.service.ts';
import { call } from '../../../services/contracts/contract.ts';
import { nodes } from '../../../services/contracts/nodes.ts';
import { pipeline } from '../../../services/contracts/pipeline.ts';
import { search } from '../../../services/contracts/search.ts';
import nodesService from '../../../services/nodes/nodes.service.ts';
import pipelineService from '../../../services/pipeline/pipeline.service.ts';
import searchService from '../../../services/search/search.service.ts';
import { manifest } from '../../fixtures/manifest.ts';
import { until } from '../../fixtures/until.ts';

const key = 'a-key-of-twenty-chars';
const namespace = randomUUID();
const options = { namespace, transporter: 'Fake', logger: false, validator: false } as const;
const nothing = async () => undefined;

let folder: string;
let core: ServiceBroker;
let worker: ServiceBroker;
/** What an action fails with instead of answering. */
let failure: Error | undefined;
const failed: readonly string[] = [nodes.list, pipeline.enrichers, pipeline.forgetEnricher, search.rebuild].map(
  ({ name }) => name,
);
const failing: Middleware = {
  name: 'failing',
  localAction(next, { name }) {
    if (!failed.some((one) => one === name)) return next;
    return function (ctx) {
      return failure ? Promise.reject(failure) : next.call(this, ctx);
    };
  },
};

async function node(name: string, enrichers: string[]): Promise<ServiceBroker> {
  const broker = new ServiceBroker({ ...options, nodeID: `${name}-${namespace}` });
  for (const enricher of enrichers)
    broker.createService({
      name: `enricher.${enricher}`,
      metadata: { manifest: manifest(enricher) },
      actions: { enrich: nothing },
    });
  await broker.start();
  return broker;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-answers-'));
  const channel = { close: nothing, publish: nothing, consume: async () => ({ stop: nothing }), stats: async () => ({}) };
  const index = { configure: nothing, put: nothing, remove: nothing, mark: async () => null, setMark: nothing, close: nothing };
  const open = async () => {
    const records = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
    const rebuilding = { ...index, rebuild: async () => ({ ...index, finish: nothing, abandon: nothing }) };
    return { records, channel, blobs: { close: nothing }, search: rebuilding } as unknown as Ports;
  };
  const config = loadConfig({ VITRAIL_PORT: '0', VITRAIL_API_KEYS: key, VITRAIL_GRACE_SECONDS: '1' });
  core = new ServiceBroker({ ...options, nodeID: `core-${namespace}`, middlewares: [failing, ports(config, open)] });
  const changes = () => ({ assets: [], deleted: [], mark: null, more: false });
  core.createService({
    name: 'media',
    actions: { unplanned: () => [], unsettled: () => [], planned: nothing, settle: nothing, changes },
  });
  for (const service of [pipelineService, nodesService, searchService, api]) core.createService(service as never);
  const gone = await node('gone', ['gone']);
  worker = await node('worker', ['hosted']);
  await core.start();
  await until('both enrichers are known', async () => (await call(core, pipeline.manifests, {})).length === 2);
  await gone.stop();
  await until('gone is available no more', () => !catalogOf(core).available('gone'));
});
afterAll(async () => {
  await Promise.all([core.stop(), worker.stop()]);
  await rm(folder, { recursive: true, force: true });
});

interface Wish {
  query?: string;
  guarded?: boolean;
  headers?: Record<string, string>;
  body?: string;
}
async function statusOf(method: string, path: string, { query = '', guarded = true, headers, body }: Wish = {}): Promise<number> {
  const response = await fetch(`${addressOf(core)}/api${path}${query}`, {
    method,
    headers: { ...(guarded && { 'X-API-Key': key }), ...headers },
    ...(body !== undefined && { body }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Each way in which any address fails. */
async function failures(method: string, path: string): Promise<number[]> {
  const found = [
    await statusOf(method, path, { guarded: false }),
    await statusOf(method, path, { query: `?${'x=1&'.repeat(1000)}` }),
    await statusOf(method, path, { query: '?nobody-knows=this' }),
  ];
  if (method !== 'GET') {
    const headers = { 'Content-Type': 'application/json' };
    found.push(await statusOf(method, path, { headers: { 'Sec-Fetch-Site': 'cross-site' } }));
    found.push(await statusOf(method, path, { headers, body: JSON.stringify({ long: 'x'.repeat(2 ** 20) }) }));
  }
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const causes = [new Error('unforeseen'), new Errors.ServiceNotAvailableError({}), ...(method === 'GET' ? [] : [full])];
  for (failure of causes) found.push(await statusOf(method, path));
  failure = undefined;
  return found;
}

async function documented(method: string, path: string): Promise<number[]> {
  const response = await fetch(`${addressOf(core)}/api/openapi.json`, { headers: { 'X-API-Key': key } });
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, { responses: object }>> };
  return Object.keys(paths[`/api${path}`]?.[method.toLowerCase()]?.responses ?? {}).map(Number);
}

const sorted = (statuses: number[]): number[] => [...new Set(statuses)].sort((a, b) => a - b);

it.each<[method: string, address: string, path: string, own: [path: string, status: number][]]>([
  ['GET', '/nodes', '/nodes', [['/nodes', 200]]],
  ['GET', '/enrichers', '/enrichers', [['/enrichers', 200]]],
  ['POST', '/search/rebuild', '/search/rebuild', [['/search/rebuild', 200]]],
  [
    'DELETE',
    '/enrichers/{name}',
    '/enrichers/hosted',
    [
      ['/enrichers/hosted', 409],
      ['/enrichers/never-heard-of', 404],
      ['/enrichers/gone', 204],
    ],
  ],
])('%s %s is answered as OpenAPI says', async (method, address, path, own) => {
  const answered: number[] = [];
  for (const [at, status] of own) {
    const found = await statusOf(method, at);
    expect([at, found]).toEqual([at, status]);
    answered.push(found);
  }
  answered.push(...(await failures(method, path)));
  expect(sorted(await documented(method, address))).toEqual(expect.arrayContaining(sorted(answered)));
});
