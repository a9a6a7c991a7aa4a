import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type ErrorCode, errorTable, VitrailError } from '../../services/contracts/errors.ts';
import type { Asset } from '../../services/contracts/asset.ts';
import type { SearchPage } from '../../services/contracts/search.ts';
import { Misuse, Refusal } from '../command.ts';

/** A running Vitrail, by its address. */
export interface Client {
  upload(file: string, signal: AbortSignal): Promise<{ asset: Asset; created: boolean }>;
  /** Null where there is none. */
  asset(id: string, signal: AbortSignal): Promise<Asset | null>;
  /** All there are, oldest first, a page at a time. */
  assets(signal: AbortSignal): AsyncGenerator<Asset[]>;
  original(id: string, signal: AbortSignal): Promise<Readable>;
}

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(errorTable, code);
/** Servers that are busy, away, or asked too often are asked again so many times, each time after so long or as long as they say. */
const attempts = 5;
const againMs = 1000;
const passing = [429, 503];

/** @throws Misuse for what is no address of a server */
export function baseOf(address: string): URL {
  const url = URL.parse(address);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '') return url;
  throw new Misuse(`--url '${address}' is no address such as http://127.0.0.1:3000.`);
}

async function failureOf(response: Response): Promise<Error> {
  const problem = (await response.json().catch(() => ({}))) as { code?: unknown; detail?: unknown };
  const detail = typeof problem.detail === 'string' ? problem.detail : `It answered ${response.status}.`;
  if (response.status === 401) return new Refusal(`${detail} The first key of VITRAIL_API_KEYS is sent.`);
  return isCode(problem.code) ? new VitrailError(problem.code, detail) : new Refusal(detail);
}

/** @throws Refusal where nobody answers, VitrailError for what the server says of a request */
export function clientOf(base: URL, key: string | undefined): Client {
  async function ask(path: string, make: () => RequestInit, signal: AbortSignal): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const init = make();
      const headers = new Headers(init.headers);
      if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
      const response = await fetch(new URL(path, base), { ...init, headers, signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new Refusal(`${base.origin} does not answer: is Vitrail running there?`, { cause: error });
      });
      if (response.ok) return response;
      if (!passing.includes(response.status) || attempt === attempts) throw await failureOf(response);
      await response.body?.cancel();
      await delay((Number(response.headers.get('retry-after')) || 0) * 1000 || againMs, undefined, { signal });
    }
  }
  const get = (path: string, signal: AbortSignal): Promise<Response> => ask(path, () => ({}), signal);

  return {
    async upload(file, signal) {
      const body = (): RequestInit => ({
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: Readable.toWeb(createReadStream(file, { highWaterMark: 1 << 20 })) as ReadableStream<Uint8Array>,
        duplex: 'half',
      });
      const response = await ask(`/api/assets?filename=${encodeURIComponent(basename(file))}`, body, signal);
      return { asset: (await response.json()) as Asset, created: response.status === 202 };
    },
    async asset(id, signal) {
      try {
        return (await (await get(`/api/assets/${encodeURIComponent(id)}`, signal)).json()) as Asset;
      } catch (error) {
        if (error instanceof VitrailError && error.type === 'asset.not-found') return null;
        throw error;
      }
    },
    async *assets(signal) {
      for (let next: string | null = null; ;) {
        const cursor: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
        const page = (await (await get(`/api/search?sort=oldest&facets=none&limit=200${cursor}`, signal)).json()) as SearchPage;
        yield page.items;
        next = page.next;
        if (next === null) return;
      }
    },
    async original(id, signal) {
      const { body } = await get(`/media/${encodeURIComponent(id)}`, signal);
      if (!body) throw new Refusal(`${base.origin} gave no bytes for ${id}.`);
      return Readable.fromWeb(body);
    },
  };
}
