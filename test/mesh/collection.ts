/** What a client does with a mesh, and what has to hold of it in the end. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import type { Asset } from '../../services/contracts/asset.ts';
import type { MeshNode } from '../../services/contracts/nodes.ts';
import { until } from '../fixtures/until.ts';
import { allAssets, ask, type Answer } from '../integration/app.ts';
import { lastWords, type Mesh } from './fixture.ts';
import { isIndexed, keptOf } from './kept.ts';

type At = { readonly base: string };

/** Longer than any server or node of ours may keep a client waiting, in ms. */
const patienceMs = 30_000;

/** The k-th of any number of small distinct pictures. */
export async function picture(k: number): Promise<Uint8Array<ArrayBuffer>> {
  const background = { r: (k * 37) % 256, g: (k * 101) % 256, b: k % 256 };
  const made = await sharp({ create: { width: 320 + (k % 50), height: 240, channels: 3, background } })
    .jpeg({ quality: 80 })
    .toBuffer();
  return new Uint8Array(made);
}

/** No instanceof: what fetch throws is of another realm than the test. */
const isLate = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function post(at: At, bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Answer<Asset & { code?: string }>> {
  const form = new FormData();
  form.set('file', new Blob([bytes], { type: 'image/jpeg' }), name);
  return ask(at, '/api/assets', { method: 'POST', body: form, signal: AbortSignal.timeout(patienceMs) });
}

/** Pictures that a client sends until they are taken. */
export class Client {
  /** Of what was taken: the answers' ids, by sha256. */
  readonly taken = new Map<string, string>();
  /** Answers that are neither a yes nor a 503 with Retry-After, and those that did not come within half a minute. */
  readonly wrong: string[] = [];
  readonly #under: Promise<void>[] = [];
  readonly #at: () => At;
  #sent = 0;

  /** `at` is asked anew for each try: the edge may have moved. */
  constructor(at: () => At) {
    this.#at = at;
  }

  /** Sends so many more, each again until it is taken. */
  send(count: number): void {
    for (let k = 0; k < count; k += 1) this.#under.push(this.#send(this.#sent++));
  }

  /** Sends one after the other, `everyMs` apart, for `ms`. Resolves when that is over, whatever has been taken by then. */
  async sendFor(ms: number, everyMs: number): Promise<void> {
    for (const end = Date.now() + ms; Date.now() < end;) {
      this.send(1);
      await delay(everyMs);
    }
  }

  async #send(k: number): Promise<void> {
    const bytes = await picture(k);
    for (;;) {
      try {
        const { status, headers, body } = await post(this.#at(), bytes, `picture-${k}.jpg`);
        if (status === 200 || status === 202) {
          this.taken.set(sha256(bytes), body.id);
          return;
        }
        if (status !== 503 || headers.get('retry-after') === null) this.wrong.push(`${status} ${JSON.stringify(body)}`);
      } catch (error) {
        // An edge that is killed ends its connections; one that is there has to answer.
        if (isLate(error)) this.wrong.push(`no answer to picture ${k}`);
      }
      await delay(250);
    }
  }

  /** Resolves when all that was sent is taken. */
  async done(): Promise<void> {
    await Promise.all(this.#under);
  }
}

export const nodesAt = async (at: At): Promise<MeshNode[]> => (await ask<{ items: MeshNode[] }>(at, '/api/nodes')).body.items;

export const enrichersOf = ['palette', 'placeholder', 'teller', 'variants'];

/** Waits until all that was taken is ready and found, then holds records and index against it. */
export async function consistent(mesh: Mesh, at: At, client: Client, ms = 120_000): Promise<void> {
  let seen: Asset[] = [];
  let refusal = '';
  const states = (): string =>
    JSON.stringify(
      Object.groupBy(seen, ({ state }) => state),
      (_key, value: unknown) => (Array.isArray(value) ? value.length : value),
    );
  await until(
    'every asset is ready and found',
    async () => {
      seen = await allAssets(at).catch((error: unknown) => {
        refusal = String(error);
        return [];
      });
      return seen.length >= client.taken.size && seen.every(({ state }) => state === 'ready');
    },
    ms,
  ).catch((error: unknown) => {
    throw new Error(`of ${client.taken.size} assets: ${states()} ${refusal}\n${lastWords()}`, { cause: error });
  });
  const { assets, rows, originals } = await until('the index is as the records are', async () => {
    const kept = await keptOf(mesh.place);
    return isIndexed(kept) && kept;
  });
  const taken = [...client.taken.keys()].sort();
  expect(seen.map((asset) => asset.sha256).sort()).toEqual(taken);
  expect(assets.map((asset) => asset.sha256).sort()).toEqual(taken);
  expect(originals.sort()).toEqual(taken);
  const expected = assets.flatMap(({ id }) => enrichersOf.map((enricher) => `${id}:${enricher} done`));
  expect(rows.map(({ assetId, enricher, status }) => `${assetId}:${enricher} ${status}`).sort()).toEqual(expected.sort());
  for (const { enrichments, files } of assets) {
    expect(Object.keys(enrichments).sort()).toEqual(enrichersOf);
    expect(files['variants']?.length).toBe(1);
  }
  for (const { variants } of seen.slice(0, 5))
    for (const { url, bytes } of variants) expect((await ask<Buffer>(at, url)).body.length).toBe(bytes);
}
