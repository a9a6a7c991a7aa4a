import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Loggers, ServiceBroker } from 'moleculer';
import { ulid } from 'ulid';
import { loadConfig } from '../../../config/index.ts';
import { ports, portsOf, type Ports } from '../../../config/ports.ts';
import { openFsBlobs } from '../../../drivers/blobs/fs.ts';
import { openSqliteRecords } from '../../../drivers/records/sqlite/open.ts';
import { implement } from '../../../mixins/implement.ts';
import { addressOf } from '../../../services/api/address.ts';
import api from '../../../services/api/api.service.ts';
import type { Asset } from '../../../services/contracts/asset.ts';
import type { Action } from '../../../services/contracts/contract.ts';
import { VitrailError } from '../../../services/contracts/errors.ts';
import { ingest } from '../../../services/contracts/ingest.ts';
import { type Located, media } from '../../../services/contracts/media.ts';
import { nodes } from '../../../services/contracts/nodes.ts';
import { pipeline } from '../../../services/contracts/pipeline.ts';
import { search } from '../../../services/contracts/search.ts';
import { tags } from '../../../services/contracts/tags.ts';

/** A gateway on a port of its own, with services behind it that only remember. */
export interface TestGateway extends AsyncDisposable {
  base: string;
  port: number;
  broker: ServiceBroker;
  assets: Map<string, Asset>;
  /** Codes of uploads that were given up. */
  abandoned: string[];
  /** What the log was told. */
  log: string[];
  /** Params of every call of a fake, by action. */
  calls: [name: string, params: unknown][];
  /** Has every call of an action, or of all (`*`), wait for something. */
  before(action: string, wait: () => Promise<void>): void;
  /** Files below tmp/ of the blob store. */
  temporary(): Promise<string[]>;
  /** Puts bytes where media.locate finds them. */
  store(bytes: Buffer, located?: Partial<Located>): Promise<Located & { id: string }>;
}

/** Keeps what is logged, as one line each. */
class Memory extends Loggers.Base<object> {
  readonly lines: string[];
  constructor(lines: string[]) {
    super();
    this.lines = lines;
  }
  override getLogHandler(): (type: string, args: unknown[]) => void {
    return (type, args) => {
      if (type === 'warn' || type === 'error' || type === 'fatal')
        this.lines.push(args.map((arg) => (arg instanceof Error ? arg.stack : JSON.stringify(arg))).join(' '));
    };
  }
}

type Handlers<C extends Record<string, Action>> = Partial<Parameters<typeof implement<C>>[1]>;

export async function startGateway(
  env: Record<string, string> = {},
  services: readonly string[] = ['media', 'tags', 'search', 'pipeline', 'ingest', 'nodes'],
): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrail-api-'));
  const config = loadConfig({ VITRAIL_PORT: '0', VITRAIL_DATA: folder, VITRAIL_GRACE_SECONDS: '1', ...env });
  const assets = new Map<string, Asset>();
  const located = new Map<string, Located>();
  const abandoned: string[] = [];
  const log: string[] = [];
  const calls: TestGateway['calls'] = [];
  const held = new Map<string, () => Promise<void>>();
  const open = async (): Promise<Ports> => {
    const blobs = await openFsBlobs({ root: join(folder, 'blobs') });
    const { s3PublicEndpoint } = config;
    if (s3PublicEndpoint !== undefined) blobs.address = async (key) => `${s3PublicEndpoint}/${key}`;
    const answering = {
      ping: async () => undefined,
      count: async () => 0,
      stats: async () => ({}),
      close: async () => undefined,
    };
    const records = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
    return { blobs, records, search: answering, channel: answering } as unknown as Ports;
  };
  const broker = new ServiceBroker({
    logger: new Memory(log),
    logLevel: 'warn',
    validator: false,
    middlewares: [ports(config, open)],
  });

  function fake<C extends Record<string, Action>>(name: string, contract: C, handlers: Handlers<C>): void {
    if (!services.includes(name)) return;
    const all = Object.fromEntries(
      Object.keys(contract).map((key) => [
        key,
        async function (this: unknown, ctx: { params: unknown }) {
          calls.push([`${name}.${key}`, ctx.params]);
          await (held.get(`${name}.${key}`) ?? held.get('*'))?.();
          const handle = (handlers as Record<string, (ctx: unknown) => unknown>)[key];
          if (!handle) throw new Error(`secret: the fake of ${name} does not know ${key}`);
          return handle(ctx);
        },
      ]),
    );
    broker.createService({ name, actions: implement(contract, all as never) });
  }
  const existing = (id: string): Asset => {
    const asset = assets.get(id);
    if (!asset) throw new VitrailError('asset.not-found', `There is no asset ${id}.`);
    return asset;
  };

  fake('tags', tags, {});
  fake('nodes', nodes, { list: () => ({ items: [] }) });
  fake('media', media, {
    get: (ctx) => existing(ctx.params.id),
    edit: (ctx) => Object.assign(existing(ctx.params.id), ctx.params),
    remove(ctx) {
      existing(ctx.params.id);
      assets.delete(ctx.params.id);
    },
    locate(ctx) {
      const found = located.get(ctx.params.id);
      if (!found) throw new VitrailError('asset.not-found', 'There is no such asset.');
      return found;
    },
  });
  fake('search', search, { query: () => ({ items: [...assets.values()], total: assets.size, facets: {}, next: null }) });
  fake('pipeline', pipeline, {
    replay: () => ({ replayed: 1 }),
    replayMany: () => ({ replayed: 1 }),
    forgetEnricher: () => undefined,
    enrichments: (ctx) => (existing(ctx.params.id), { items: [] }),
  });
  const notes = new Map<string, { filename: string }>();
  fake('ingest', ingest, {
    begin(ctx) {
      const uploadId = ulid();
      notes.set(uploadId, ctx.params);
      return { uploadId };
    },
    async accept(ctx) {
      const { uploadId, tmp, sha256, bytes, note = notes.get(uploadId) } = ctx.params;
      const { blobs } = portsOf(broker);
      if (bytes === 0) {
        await blobs.remove(tmp);
        throw new VitrailError('upload.empty', 'The file has no bytes; choose another one.');
      }
      await blobs.commit(tmp, `originals/${sha256}`);
      const known = [...assets.values()].find((asset) => asset.sha256 === sha256);
      if (known) return { asset: known, created: false };
      const asset = newAsset({ sha256, bytes, filename: note?.filename ?? '' });
      assets.set(asset.id, asset);
      return { asset, created: true };
    },
    async abandon(ctx) {
      await portsOf(broker).blobs.remove(`tmp/${ctx.params.uploadId}`);
      abandoned.push(ctx.params.code);
    },
  });
  broker.createService(api as never);
  await broker.start();
  const base = addressOf(broker);
  return {
    base,
    port: Number(new URL(base).port),
    broker,
    assets,
    abandoned,
    log,
    calls,
    before: (action, wait) => void held.set(action, wait),
    temporary: () => readdir(join(folder, 'blobs', 'tmp')),
    async store(bytes, given = {}) {
      const id = ulid();
      const key = given.key ?? `originals/${id.toLowerCase().padEnd(64, '0')}`;
      await portsOf(broker).blobs.put(key, bytes);
      const found = {
        key,
        type: 'image/jpeg',
        bytes: bytes.length,
        etag: '"abc"',
        immutable: false,
        varies: false,
        filename: 'barn.jpg',
        ...given,
      };
      located.set(id, found);
      return { id, ...found };
    },
    async [Symbol.asyncDispose]() {
      await broker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function newAsset(some: Partial<Asset> = {}): Asset {
  return {
    id: ulid(),
    sha256: '0'.repeat(64),
    filename: 'barn.jpg',
    type: 'image/jpeg',
    bytes: 1,
    width: 1,
    height: 1,
    state: 'processing',
    rev: 1,
    createdAt: new Date().toISOString(),
    tags: [],
    enrichments: {},
    variants: [],
    ...some,
  };
}
