import type { EnricherAsset } from '../../plugins/sdk/enricher.ts';

/** One run of one enricher on one asset, as it is sent to a child process. */
export interface Job {
  enricher: string;
  /** URL of the plugin's module, whose default export is the enricher. */
  module: string;
  /** Its options, parsed. */
  config: unknown;
  asset: EnricherAsset;
  fingerprint: string;
  /** Outputs of the enrichers it reads. */
  inputs: Record<string, Record<string, unknown>>;
  /** Key of the picture that stands for a file that is none itself. */
  still?: string | undefined;
}

/** Why a run gave no result; `enricher.<reason>` is its code in the error table, `engine.away` that of a store that is away. */
export type Reason = 'away' | 'refused' | 'failed' | 'transient' | 'timeout' | 'crashed' | 'output-invalid';

/** What a child answers to a job. `rss` is the memory it holds, in bytes. */
export type Answer =
  | { outputs: Record<string, unknown>; durationMs: number; rss: number }
  | { failure: { reason: Reason; message: string }; durationMs: number; rss: number };

/** What a child tells while it works; the two streams come from workerpool. `crash` is its last word. */
export type Told =
  { phase: 'setup' | 'run' } | { progress: number } | { crash: string } | { stdout: string } | { stderr: string };

/** The asset of the last run and the one before stay decoded in a child; the pool counts on it when it picks a slot. */
export const hotAssets = 2;
