import type { z } from 'zod';
import type { BlobRef, OutputFields, Result } from './fields.ts';

/** The asset as an enricher sees it. */
export interface EnricherAsset {
  id: string;
  sha256: string;
  filename: string;
  /** Media type, sniffed from the bytes: `image/jpeg`. */
  type: string;
  bytes: number;
  /** Pixels, upright. */
  width: number;
  height: number;
  durationMs?: number | undefined;
}

/** Raw pixels: 8 bit sRGB, rows from the top, no padding; `data.length === width * height * channels`. */
export interface RawPixels {
  data: Buffer;
  width: number;
  height: number;
  channels: 3 | 4;
}

/**
 * The decoded, upright, sRGB picture of the asset (of a video: its poster, for enrichers that come after the one that makes
 * it), decoded once and shared by all enrichers of the
 * asset on this node as a cascade of raw sizes.
 */
export interface Still {
  /** Size of the upright picture in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether any pixel may be transparent; then `raw` has four channels. */
  readonly hasAlpha: boolean;
  /**
   * The picture with its longer edge at most `edge` pixels, never enlarged. Shared: copy before you write to it.
   * @throws PermanentError where the file cannot be decoded.
   */
  raw(edge: number): Promise<RawPixels>;
}

export interface PutOptions {
  /** Media type of the bytes. */
  type: string;
  width?: number;
  height?: number;
}

export interface EnrichContext<C> {
  still: Still;
  config: C;
  /** Aborted at the timeout or when the node stops. */
  signal: AbortSignal;
  /** Outputs of the enrichers named in `after`, by their names; those that have none (refused, quarantined) are absent. */
  inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Stores a derived file; the result goes into a `blob` or `blobs` output. */
  put(name: string, data: Uint8Array, options: PutOptions): Promise<BlobRef>;
  /** Path of the original on this node, to read only. Prefer `still`. */
  original(): Promise<string>;
  /** Tells those who watch how far it is, 0–1. */
  progress(share: number): void;
}

export interface RunPolicy {
  /** Runs at once on one node (its bulkhead). Default 4. */
  concurrency: number;
  /** Calls that may wait on one node; one more is sent elsewhere or comes again later. Default 64. */
  queue: number;
  /** Milliseconds after which the child process of a run is killed. Default 30,000. */
  timeoutMs: number;
  /** Failed runs, crashes included, before the enrichment is quarantined. Default 4. */
  attempts: number;
}

/** The node that is asked whether it can run an enricher. */
export interface EnricherHost {
  /** Path of a program on this node, or undefined where there is none; `enrich` starts it by its name. */
  program(name: string): string | undefined;
  /** The environment that its child processes get: for a program that is tried. */
  env: Readonly<Record<string, string | undefined>>;
}

/** What a child process offers an enricher that is set up in it. */
export interface SetupContext {
  /** A folder of the enricher's own on this node, for what it makes once, such as a model. It may be emptied between runs. */
  cache: string;
}

export interface EnricherDefinition<C extends z.ZodType = z.ZodType, O extends OutputFields = OutputFields> {
  /** Lower case, digits and dashes: the folder's name, and the word in URLs, filters and `enrichments.<name>`. */
  name: string;
  title: string;
  description?: string;
  /** Semantic version of the code. */
  version: string;
  /** Raise it when results would differ: older ones are stale and are redone, with those that depend on them, and only those. */
  resultVersion: number;
  /** Media types, `image/*` for all of a kind. */
  accepts: readonly string[];
  /** Enrichers whose outputs it reads. A circle stops the boot. */
  after?: readonly string[];
  config: C;
  outputs: O;
  run?: Partial<RunPolicy>;
  /**
   * What this node lacks to run it, in words for people (`It needs the program ffmpeg.`), or undefined. Asked at the start, in
   * the serving process: it only looks. A node that lacks something hosts no runs; where no other does, the work waits.
   */
  missing?(host: EnricherHost, config: z.output<C>): string | undefined | Promise<string | undefined>;
  /** Once per child process, before its first run: load a model. */
  setup?(config: z.output<C>, context: SetupContext): Promise<void>;
  /** From asset to outputs. Throw PermanentError for a file that will never do, TransientError for what may pass. */
  enrich(asset: EnricherAsset, context: EnrichContext<z.output<C>>): Promise<Result<O>>;
}

/** What `defineEnricher` gives: checked, with defaults filled in. */
export interface Enricher<C extends z.ZodType = z.ZodType, O extends OutputFields = OutputFields> extends EnricherDefinition<
  C,
  O
> {
  readonly after: readonly string[];
  readonly run: RunPolicy;
}
