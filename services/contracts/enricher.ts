import { z } from 'zod';
import { Subject } from './asset.ts';
import type { Action } from './contract.ts';

/** What an enricher's service is asked: everything it needs besides the bytes, which it reads from the blob store by key. */
export const EnrichParams = z.object({
  asset: Subject.omit({ session: true, client: true }),
  fingerprint: z.string(),
  /** Outputs of the enrichers named in `after`. */
  inputs: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** Key of the picture that stands for a file that is none itself: of a video, its poster. */
  still: z.string().optional(),
});
export type EnrichParams = z.output<typeof EnrichParams>;

export const EnrichResult = z.object({
  outputs: z.record(z.string(), z.unknown()),
  /** Wall-clock time in the child process. */
  durationMs: z.number(),
});
export type EnrichResult = z.output<typeof EnrichResult>;

export const enricherServiceName = (enricher: string): string => `enricher.${enricher}`;

/** The one action of an enricher's service. Errors: `enricher.refused`, `.failed`, `.transient`, `.timeout`, `.crashed`, `.output-invalid`. */
export const enrich = (enricher: string): Action<typeof EnrichParams, typeof EnrichResult> => ({
  name: `${enricherServiceName(enricher)}.enrich`,
  params: EnrichParams,
  result: EnrichResult,
});
