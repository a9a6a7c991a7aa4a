import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import sharp from 'sharp';
import { z } from 'zod';
import type { Enricher, EnricherAsset } from '../enricher.ts';
import { BlobRef } from '../fields.ts';
import { type Fixture, openFixture } from './fixture.ts';
import { openTestStill, stillOfNoPicture } from './still.ts';

export interface StoredFile {
  ref: BlobRef;
  data: Buffer;
}

/** What an enricher asks of its host. */
export type Ask = 'still' | 'original' | 'put';

export interface RunOptions {
  /** Options as plugins.yaml would give them; defaults are filled in. */
  config?: unknown;
  /** Outputs of the enrichers named in `after`. */
  inputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  /** Size of a file that is no picture, as its record would have it. Default 0 × 0. */
  size?: { width: number; height: number } | undefined;
  signal?: AbortSignal;
  /** Called before each thing asked is done. */
  asked?: (what: Ask) => void;
}

export interface Run {
  asset: EnricherAsset;
  outputs: Record<string, unknown>;
  /** What `put` was given, by name. */
  files: ReadonlyMap<string, StoredFile>;
}

const prepared = new WeakMap<Enricher, Map<string, Promise<void>>>();

let cache: string | undefined;
/** One for the process, gone with it. */
function cacheFolder(): string {
  if (cache !== undefined) return cache;
  const made = mkdtempSync(join(tmpdir(), 'enricher-cache-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return (cache = made);
}

/** As in a child process: `setup` once for an enricher and its options. */
function prepare(enricher: Enricher, config: unknown): Promise<void> | undefined {
  const known = prepared.get(enricher) ?? new Map<string, Promise<void>>();
  prepared.set(enricher, known);
  const key = JSON.stringify(config);
  const done = known.get(key) ?? enricher.setup?.(config, { cache: cacheFolder() });
  if (done) known.set(key, done);
  return done;
}

/** Where `put` puts, with the rules of the real one: a name fits a URL and is used once. */
function fileStore(asset: EnricherAsset, enricher: string, files: Map<string, StoredFile>) {
  return (name: string, data: Uint8Array, options: { type: string; width?: number; height?: number }): BlobRef => {
    const ref = BlobRef.safeParse({
      name,
      key: `derived/${asset.sha256}/${enricher}/test/${name}`,
      bytes: data.length,
      ...options,
    });
    if (!ref.success) throw new Error(`put '${name}' is refused: ${z.prettifyError(ref.error)}`);
    if (files.has(name)) throw new Error(`put '${name}' is refused: this run has put a file of that name already`);
    files.set(name, { ref: ref.data, data: Buffer.from(data) });
    return ref.data;
  };
}

/** Until sharp has nothing left to do: work that a run began and did not wait for may still put a file. */
async function quiet(): Promise<void> {
  for (let idle = 0; idle < 20;) {
    await setImmediate();
    const { queue, process } = sharp.counters();
    idle = queue + process === 0 ? idle + 1 : 0;
  }
}

/** What comes to an enricher that takes no pictures is none, whatever its bytes look like. */
const isPicture = ({ accepts }: Enricher, type: string): boolean =>
  !type.startsWith('video/') && accepts.some((pattern) => pattern.startsWith('image/'));

/** Runs an enricher on a file, once, as a host does. What it throws comes through. */
export async function enrichOnce(enricher: Enricher, fixture: Fixture, options: RunOptions = {}): Promise<Run> {
  const { inputs = {}, signal = new AbortController().signal, asked = () => undefined } = options;
  const config = enricher.config.parse(options.config ?? {});
  await prepare(enricher, config);
  const { path, asset: bare, close } = await openFixture(fixture);
  try {
    const still = isPicture(enricher, bare.type) ? await openTestStill(path) : stillOfNoPicture(options.size);
    const asset = { ...bare, width: still.width, height: still.height };
    const files = new Map<string, StoredFile>();
    const store = fileStore(asset, enricher.name, files);
    const outputs = await enricher.enrich(asset, {
      still: {
        ...still,
        raw(edge) {
          asked('still');
          return still.raw(edge);
        },
      },
      config,
      signal,
      inputs,
      async put(name, data, put) {
        asked('put');
        return store(name, data, put);
      },
      async original() {
        asked('original');
        return path;
      },
      progress(share) {
        if (!(share >= 0 && share <= 1)) throw new RangeError(`progress is a share from 0 to 1, not ${share}`);
      },
    });
    return { asset, outputs, files };
  } finally {
    await quiet();
    await close();
  }
}
