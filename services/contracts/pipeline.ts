import { z } from 'zod';
import { Manifest } from '../../plugins/sdk/manifest.ts';
import { AssetId } from './asset.ts';
import { contract } from './contract.ts';
import { ExamineParams, Examination } from './examination.ts';
import { Enrichment, FailureClass } from './enrichment.ts';
import { Lane } from './ingest.ts';

const Cursor = z.string().max(500).optional();
const Limit = z.coerce.number().int().min(1).max(200).default(50);

export const Breaker = z.enum(['closed', 'half-open', 'open']);
export type Breaker = z.infer<typeof Breaker>;

export const EnricherHost = z.object({
  node: z.string(),
  running: z.int().describe('Runs that its bulkhead has let in, run.concurrency at most'),
  waiting: z.int().describe('Runs that wait before it, run.queue at most'),
  breaker: Breaker.describe('open: it failed too often and is given nothing for a moment; half-open: the next run decides'),
});
export type EnricherHost = z.infer<typeof EnricherHost>;

export const EnricherInfo = Manifest.extend({
  available: z.boolean().describe('Whether a node runs it now'),
  missing: z.string().optional().describe('What the nodes that know it lack to run it'),
  enrichments: z.record(z.string(), z.int()).describe('How many enrichments it has, by status'),
  hosts: z.array(EnricherHost).describe('The nodes that run it, and how busy it is on each'),
});
export type EnricherInfo = z.infer<typeof EnricherInfo>;

export const Tally = z.object({ pending: z.int(), running: z.int(), done: z.int(), quarantined: z.int(), unavailable: z.int() });
export type Tally = z.infer<typeof Tally>;

export const LaneState = z.object({
  lane: Lane,
  waiting: z.int().describe('Assets whose turn has not come'),
  delayed: z.int().describe('Those that come again later'),
  inFlight: z.int().describe('Those in work'),
  dead: z.int().describe('Messages that were given up; the ledger announces their work anew'),
  paused: z.boolean().describe('Nothing is taken from it, on any node, until it is resumed; what is in work there ends'),
});
export type LaneState = z.infer<typeof LaneState>;

const laneStates = z.array(LaneState).describe('In the order in which they are served');
const LaneStates = z.object({ items: laneStates });

export const Work = z.object({
  lanes: laneStates,
  assets: z.int().describe('All there are'),
  unplanned: z.int().describe('Those for which the work of the enrichers in force has not been entered yet'),
  enrichments: Tally.describe('Where the enrichments of all assets stand'),
});
export type Work = z.infer<typeof Work>;

export const pipeline = contract('pipeline', {
  enrichments: {
    rest: 'GET /assets/:id/enrichments',
    summary: 'The ledger of an asset: one entry per enricher',
    params: z.strictObject({ id: AssetId }),
    result: z.object({ items: z.array(Enrichment) }),
    errors: ['asset.not-found'],
  },
  replay: {
    rest: 'POST /assets/:id/enrichments/:name/replay',
    summary: 'Run an enricher on an asset again',
    params: z.strictObject({
      id: AssetId,
      name: z.string(),
      stale: z.boolean().default(false).describe('Only when its result is stale'),
    }),
    result: z.object({ replayed: z.int() }),
    errors: ['asset.not-found', 'enrichment.not-found'],
  },
  enrichers: {
    rest: 'GET /enrichers',
    summary: 'The enrichers with their manifests',
    params: z.strictObject({}),
    result: z.object({ items: z.array(EnricherInfo) }),
  },
  quarantine: {
    rest: 'GET /quarantine',
    summary: 'What failed for good, latest first, with its reason',
    params: z.strictObject({ enricher: z.string().optional(), class: FailureClass.optional(), cursor: Cursor, limit: Limit }),
    result: z.object({ items: z.array(Enrichment), total: z.int(), next: z.string().nullable() }),
    errors: ['search.cursor-invalid'],
  },
  replayMany: {
    rest: 'POST /quarantine/replay',
    summary: 'Run what is quarantined (or, with stale, what is stale) again, all or by filter',
    params: z.strictObject({
      enricher: z.string().optional(),
      class: FailureClass.optional(),
      stale: z.boolean().default(false).describe('Take stale results instead of quarantined ones'),
      dryRun: z.boolean().default(false).describe('Only count what would run'),
    }),
    result: z.object({ replayed: z.int().describe('With dryRun: how many would be') }),
  },
  work: {
    rest: 'GET /work',
    summary: 'What there is to do: the lanes with their depth, and how far the collection is',
    params: z.strictObject({}),
    result: Work,
  },
  forgetEnricher: {
    rest: 'DELETE /enrichers/:name',
    summary: 'Forget an enricher that no node hosts any more; what it has made stays on the assets',
    params: z.strictObject({ name: z.string().max(64) }),
    result: z.void(),
    errors: ['enricher.not-found', 'enricher.hosted'],
  },
  lanes: {
    rest: 'GET /lanes',
    summary: 'The lanes with their depth, and whether they are paused',
    params: z.strictObject({}),
    result: LaneStates,
  },
  setLane: {
    rest: 'PUT /lanes/:lane',
    summary: 'Pause a lane, on all nodes and until it is resumed, or resume it',
    params: z.strictObject({ lane: Lane, paused: z.boolean() }),
    result: LaneStates,
  },
  manifests: {
    summary: 'The manifests that the mesh has in force, of nodes that have gone, too',
    params: z.object({}),
    result: z.array(Manifest),
  },
  plan: {
    summary: 'Enter the work that an asset is due',
    params: z.strictObject({ id: z.string(), lane: Lane }),
    result: z.void(),
  },
  examine: { summary: 'Hold the ledger against the assets', params: ExamineParams, result: Examination },
  forget: { summary: 'Drop the ledger of an asset', params: z.strictObject({ id: z.string() }), result: z.void() },
  reconcile: {
    summary: 'Announce what is due and free what is stuck',
    params: z.strictObject({}),
    result: z.record(z.string(), z.int()),
  },
});
