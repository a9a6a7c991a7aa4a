import { z } from 'zod';
import { Asset, AssetEdit, AssetId, Origin } from './asset.ts';
import { contract } from './contract.ts';
import { ExamineParams, Examination } from './examination.ts';

export const Lane = z.enum(['interactive', 'backfill']);

/** What the sender says of a file; none of it is believed without a look at the bytes. */
export const UploadNote = Origin.extend({
  filename: z.string().max(4096),
  /** The sender's word for the media type; only the bytes decide. */
  declaredType: z.string().max(255).optional(),
  edit: AssetEdit.optional(),
  lane: Lane.default('interactive'),
});

export const Accepted = z.object({ asset: Asset, created: z.boolean().describe('false: the same bytes were known already') });
export type Accepted = z.infer<typeof Accepted>;

/** Bytes of a resumable upload that came in one piece, as they lie in `tmp/`. */
export const UploadPart = z.object({ tmp: z.string(), sha256: z.string(), bytes: z.int().positive() });
export type UploadPart = z.infer<typeof UploadPart>;

/** A resumable upload as clients see it. */
export const ResumableUpload = z.object({
  id: z.string(),
  state: z
    .enum(['open', 'stored', 'accepted', 'refused'])
    .describe(
      'open: bytes are missing; stored: all are here and are being looked at; accepted: it is an asset; refused: it never will be',
    ),
  filename: z.string(),
  bytes: z.int().describe('Of the whole file'),
  offset: z.int().describe('How many of them are here: the next one to send'),
  metadata: z.string().optional().describe('Upload-Metadata, as it was sent'),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional().describe('While open: when it is given up, unless more bytes come'),
  assetId: z.string().optional().describe('Once accepted'),
  created: z.boolean().optional().describe('Once accepted: false where the same bytes were known already'),
  code: z.string().optional().describe('Once refused: the error'),
});
export type ResumableUpload = z.infer<typeof ResumableUpload>;

/**
 * An upload is a state machine, `receiving → stored → accepted | refused`; the bytes go to the blob store beside it, never through it.
 * A resumable one begins as `open`: its bytes come in parts, through any edge.
 */
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
  open: {
    summary: 'Open a resumable upload',
    params: UploadNote.extend({ uploadId: z.string(), length: z.int().positive(), metadata: z.string().max(8192).optional() }),
    result: ResumableUpload,
  },
  resumable: {
    rest: 'GET /uploads/:id',
    summary: 'A resumable upload: how far it is, and what became of it',
    params: z.strictObject({ id: AssetId.describe('The id of an upload') }),
    result: ResumableUpload,
    errors: ['upload.not-found'],
  },
  append: {
    summary: 'Note that a part has arrived, where the upload is still at that offset',
    params: z.object({ uploadId: z.string(), offset: z.int().nonnegative(), part: UploadPart }),
    result: ResumableUpload,
  },
  finish: {
    summary: 'Take a whole resumable upload in, as accept does',
    params: z.object({ uploadId: z.string() }),
    result: Accepted,
  },
  terminate: {
    summary: 'Give an open upload up',
    params: z.object({ uploadId: z.string() }),
    result: z.void(),
  },
  known: { summary: 'Find the asset with these bytes', params: z.object({ sha256: z.string() }), result: Asset.nullable() },
  examine: { summary: 'Look for blobs that no asset names', params: ExamineParams, result: Examination },
  reconcile: { summary: 'Mend what a crash left behind', params: z.object({}), result: z.record(z.string(), z.int()) },
});
