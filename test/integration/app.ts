import { spawn, type ChildProcess } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { blob } from 'node:stream/consumers';
import { accepts, type Manifest } from '../../plugins/sdk/index.ts';
import type { Asset } from '../../services/contracts/asset.ts';
import type { SearchPage } from '../../services/contracts/search.ts';
import { until } from '../fixtures/until.ts';

const root = join(import.meta.dirname, '..', '..');
export const samples = join(root, 'samples');
/** Environment of an app with every enricher that comes with Vitrail, as it runs unless told otherwise. */
export const allEnrichers = { VITRAIL_PLUGINS_FILE: join(root, 'config', 'plugins.yaml') };

/** A running Vitrail: the real program in a process of its own, with a data folder and a port of its own. */
export interface App extends AsyncDisposable {
  readonly base: string;
  readonly data: string;
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** Sends a signal to it and its children, and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Resolves with its exit status when it ends by itself. */
  readonly ended: Promise<number | null>;
}

export interface AppOptions {
  args?: string[];
  env?: Record<string, string>;
  /** A data folder that outlives the app; without one it gets a folder that goes with it. */
  data?: string;
}

export async function temporaryFolder(name: string): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), `vitrail-${name}-`));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Starts the program as `npm start` does, and waits until it says where it listens. */
export async function startApp({ args = [], env = {}, data }: AppOptions = {}): Promise<App> {
  const folder = data === undefined ? await temporaryFolder('data') : undefined;
  const child = spawn(join(root, 'node_modules', '.bin', 'node'), [join(root, 'main.ts'), ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      VITRAIL_PORT: '0',
      VITRAIL_DATA: data ?? folder?.path,
      VITRAIL_RETRY_MS: '50,100,200',
      VITRAIL_PLUGINS_FILE: join(root, 'test', 'fixtures', 'plugins.yaml'),
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  let over = false;
  void ended.then(() => (over = true));
  const base = await until('the address it listens on', () => {
    const address = /ready on (http:\/\/\S+)/.exec(output)?.[1];
    // One that had little to do may be over by now.
    if (address === undefined && over) throw new Error(`Vitrail ended at its start: ${output}`);
    return address;
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    signalGroup(child, signal);
    return ended;
  };
  return {
    base,
    data: data ?? folder?.path ?? '',
    pid: child.pid ?? 0,
    output: () => output,
    stop,
    ended,
    async [Symbol.asyncDispose]() {
      await stop('SIGKILL');
      await folder?.[Symbol.asyncDispose]();
    },
  };
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** A request below the app's address; JSON is parsed, other bodies come as bytes. */
export async function ask<T = Record<string, unknown>>(
  app: Pick<App, 'base'>,
  path: string,
  init: RequestInit = {},
): Promise<Answer<T>> {
  const response = await fetch(app.base + path, init);
  const json = init.method !== 'HEAD' && response.headers.get('content-type')?.includes('json') === true;
  const body = json ? await response.json() : Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body: body as T };
}

export const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Uploads as a browser's form does. */
export async function upload(
  app: Pick<App, 'base'>,
  file: string | Uint8Array<ArrayBuffer>,
  fields: Record<string, string> = {},
  name?: string,
): Promise<Answer<Asset>> {
  const form = new FormData();
  const bytes = typeof file === 'string' ? await blob(createReadStream(file)) : new Blob([file]);
  form.set('file', bytes, name ?? (typeof file === 'string' ? basename(file) : 'file'));
  for (const [key, value] of Object.entries(fields)) form.set(key, value);
  return ask<Asset>(app, '/api/assets', { method: 'POST', body: form });
}

/** The asset once nothing is due for it any more. */
export const settled = (app: Pick<App, 'base'>, id: string): Promise<Asset> =>
  until(`asset ${id} settled`, async () => {
    const { body } = await ask<Asset>(app, `/api/assets/${id}`);
    return body.state !== 'processing' && body;
  });

/** The names of its enrichers that look at files of this type, in order. */
export async function enrichersFor(app: Pick<App, 'base'>, type: string): Promise<string[]> {
  const { body } = await ask<{ items: Manifest[] }>(app, '/api/enrichers');
  return body.items.flatMap((manifest) => (accepts(manifest.accepts, type) ? [manifest.name] : [])).sort();
}

/** Every asset that search finds, page by page. */
export async function allAssets(app: Pick<App, 'base'>, query = ''): Promise<Asset[]> {
  const items: Asset[] = [];
  let next: string | null = null;
  do {
    const cursor: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
    const { status, body: page } = await ask<SearchPage>(app, `/api/search?limit=100${query}${cursor}`);
    if (status !== 200) throw new Error(`the search was answered ${status}: ${JSON.stringify(page)}`);
    items.push(...page.items);
    next = page.next;
  } while (next !== null);
  return items;
}
