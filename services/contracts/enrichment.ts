import { z } from 'zod';
import { Id } from './asset.ts';

export const EnrichmentStatus = z.enum(['pending', 'running', 'done', 'quarantined', 'unavailable']);
export type EnrichmentStatus = z.infer<typeof EnrichmentStatus>;

/** What kind of failure it was; decides whether and when the work is tried again. */
export const FailureClass = z.enum(['data', 'temporary', 'resource', 'logic', 'configuration']);
export type FailureClass = z.infer<typeof FailureClass>;

export const Failure = z.object({
  class: FailureClass,
  code: z.string(),
  message: z.string(),
  at: z.iso.datetime(),
});
export type Failure = z.infer<typeof Failure>;

/** The ledger entry of one enricher on one asset, as clients see it. */
export const Enrichment = z.object({
  assetId: Id,
  enricher: z.string(),
  status: EnrichmentStatus,
  fingerprint: z
    .string()
    .describe('Hash of input, enricher, result version, options and dependencies: the same means nothing to do'),
  stale: z.boolean().describe('The result is of another fingerprint than today would give'),
  attempts: z.int(),
  error: Failure.optional(),
  dueAt: z.iso.datetime().optional(),
  startedAt: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
  durationMs: z.number().optional(),
  node: z.string().optional().describe('The name of the node that was given the latest run'),
  outputs: z.record(z.string(), z.unknown()).optional(),
});
export type Enrichment = z.infer<typeof Enrichment>;
