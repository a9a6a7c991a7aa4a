import { z } from 'zod';
import { Asset, AssetEdit } from './asset.ts';
import { contract } from './contract.ts';
import { ExamineParams, Examination } from './examination.ts';

export const Lane = z.enum(['interactive', 'backfill']);

/** What the sender says of a file; none of it is believed without a look at the bytes. */
export const UploadNote = z.object({
  filename: z.string().max(4096),
  /** The sender's word for the media type; only the bytes decide. */
  declaredType: z.string().max(255).optional(),
  edit: AssetEdit.optional(),
  lane: Lane.default('interactive'),
});

export const Accepted = z.object({ asset: Asset, created: z.boolean().describe('false: the same bytes were known already') });
export type Accepted = z.infer<typeof Accepted>;

/** An upload is a state machine, `receiving → stored → accepted | refused`; the bytes go to the blob store beside it, never through it. */
export const ingest = contract('ingest', {
  begin: {
    summary: 'Open an upload',
    params: UploadNote.extend({ runner: z.string() }),
    result: z.object({ uploadId: z.string() }),
  },
  accept: {
    summary: 'Take received bytes in: sniff, probe, deduplicate, commit',
    params: z.object({ uploadId: z.string(), tmp: z.string(), sha256: z.string(), bytes: z.int(), note: UploadNote.optional() }),
    result: Accepted,
  },
  abandon: {
    summary: 'Close an upload whose bytes did not arrive',
    params: z.object({ uploadId: z.string(), code: z.string() }),
    result: z.void(),
  },
  known: { summary: 'Find the asset with these bytes', params: z.object({ sha256: z.string() }), result: Asset.nullable() },
  examine: { summary: 'Look for blobs that no asset names', params: ExamineParams, result: Examination },
  reconcile: { summary: 'Mend what a crash left behind', params: z.object({}), result: z.record(z.string(), z.int()) },
});
