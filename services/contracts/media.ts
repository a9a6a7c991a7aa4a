import { z } from 'zod';
import { Asset, AssetEdit, AssetFile, AssetId, AssetState, AssetTag, Subject, TagName } from './asset.ts';
import { contract } from './contract.ts';
import { ExamineParams, Examination } from './examination.ts';

export const NewAsset = Subject.omit({ id: true }).extend({ edit: AssetEdit.optional() });
export type NewAsset = z.infer<typeof NewAsset>;

/** What one enricher makes of an asset: its values, and its derived files apart. */
export const Projection = z.object({
  id: z.string(),
  enricher: z.string(),
  fingerprint: z.string(),
  /** When the result was made, in ms since the epoch: an older one never overwrites a newer. */
  at: z.int(),
  values: z.record(z.string(), z.unknown()),
  files: z.array(AssetFile),
  /** Those of its values that are tags of the asset. */
  tags: z.array(z.object({ name: z.string(), confidence: z.number().min(0).max(1).optional() })),
  /** The asset's state now, as the ledger gives it. */
  state: AssetState,
});
export type Projection = z.infer<typeof Projection>;

/** Which bytes to send for a request below `/media`, and under which headers. The bytes are read from the blob store by key. */
export const Located = z.object({
  key: z.string(),
  type: z.string(),
  bytes: z.int(),
  /** Strong, quotes included (RFC 9110, 8.8.3). */
  etag: z.string(),
  /** Whether these bytes can never change under this address. */
  immutable: z.boolean(),
  /** Whether another Accept header could have given other bytes. */
  varies: z.boolean(),
  filename: z.string(),
});
export type Located = z.infer<typeof Located>;

export const Format = z.enum(['jpeg', 'webp', 'avif', 'png']);
export type Format = z.infer<typeof Format>;
export const Fit = z.enum(['inside', 'cover']);

/** A size and format made on demand. Edges come from an allow-list (VITRAIL_RENDITION_EDGES). */
export const RenditionWish = z.object({
  w: z.coerce.number().int().positive().optional(),
  h: z.coerce.number().int().positive().optional(),
  fit: Fit.optional().describe('inside (default): the whole picture within w × h; cover: fills w × h, cut at the edges'),
  format: Format.optional().describe('Default: by the Accept header, AVIF before WebP before the original kind'),
});

const ById = z.strictObject({ id: AssetId });
/** From the header If-Match: the asset is changed only while its `rev` is one of these. */
const ifMatch = z.array(z.int()).max(20).optional();
const OneTag = z.strictObject({ id: AssetId, name: TagName, ifMatch });
const AssetTags = z.object({ items: z.array(AssetTag) });

export const media = contract('media', {
  get: { rest: 'GET /assets/:id', summary: 'One asset', params: ById, result: Asset, errors: ['asset.not-found'] },
  edit: {
    rest: 'PATCH /assets/:id',
    summary: 'Change title, description, tags or rating',
    params: AssetEdit.extend({ id: AssetId, ifMatch }),
    result: Asset,
    errors: ['asset.not-found', 'asset.changed', 'tag.limit'],
  },
  remove: {
    rest: 'DELETE /assets/:id',
    summary: 'Delete an asset with all its files',
    params: ById.extend({ ifMatch }),
    result: z.void(),
    errors: ['asset.not-found', 'asset.changed'],
  },
  tags: {
    rest: 'GET /assets/:id/tags',
    summary: 'The tags of an asset, with who gave each, how sure and when',
    params: ById,
    result: AssetTags,
    errors: ['asset.not-found'],
  },
  tag: {
    rest: 'PUT /assets/:id/tags/:name',
    summary: 'Give an asset a tag',
    params: OneTag,
    result: AssetTags,
    errors: ['asset.not-found', 'asset.changed', 'tag.limit'],
  },
  untag: {
    rest: 'DELETE /assets/:id/tags/:name',
    summary: 'Take a tag off an asset, for good',
    params: OneTag,
    result: AssetTags,
    errors: ['asset.not-found', 'asset.changed'],
  },
  locate: {
    summary: 'Find or make the bytes for a request',
    params: RenditionWish.extend({
      id: z.string(),
      variant: z.string().optional(),
      /** The `v` of a variant's own URL. */
      v: z.string().optional(),
      accept: z.string().max(1000).optional(),
    }),
    result: Located,
  },
  many: {
    summary: 'Assets by id, in that order; those that are gone are left out',
    params: z.object({ ids: z.array(z.string()).max(500) }),
    result: z.array(Asset),
  },
  bySha: { summary: 'The asset with these bytes', params: z.object({ sha256: z.string() }), result: Asset.nullable() },
  create: {
    summary: 'Enter an asset, once per sha256',
    params: NewAsset,
    result: z.object({ asset: Asset, created: z.boolean() }),
  },
  project: {
    summary: 'Write what an enricher made of an asset, and its state; false where a newer result is there',
    params: Projection,
    result: z.boolean(),
  },
  settle: {
    summary: 'Write the state that the ledger gives an asset',
    params: z.object({ id: z.string(), state: AssetState }),
    result: z.void(),
  },
  subject: {
    summary: 'What the ledger needs of an asset',
    params: z.object({ id: z.string() }),
    result: Subject.nullable(),
  },
  unplanned: {
    summary: 'Assets that a plan has not reached',
    params: z.object({ plan: z.string(), limit: z.int().max(1000) }),
    result: z.array(Subject),
  },
  planning: {
    summary: 'How many assets there are, and how many a plan has not reached',
    params: z.object({ plan: z.string() }),
    result: z.object({ assets: z.int(), unplanned: z.int() }),
  },
  unsettled: {
    summary: 'Assets in processing that nothing happened to for a while',
    params: z.object({ idleMs: z.int(), limit: z.int().max(1000) }),
    result: z.array(z.string()),
  },
  planned: {
    summary: 'Note that a plan has reached these assets',
    params: z.object({ ids: z.array(z.string()), plan: z.string() }),
    result: z.void(),
  },
  changes: {
    summary: 'Assets in the order of their last change, for those who keep a copy',
    params: z.object({ since: z.string().nullable(), limit: z.int().max(1000) }),
    result: z.object({
      assets: z.array(Asset),
      deleted: z.array(z.object({ id: z.string(), rev: z.int() })),
      mark: z.string().nullable(),
      more: z.boolean(),
    }),
  },
  touch: {
    summary: 'Note that these assets are shown in another way than before, so that who keeps a copy reads them again',
    params: z.object({ ids: z.array(z.string()).max(1000) }),
    result: z.void(),
  },
  reconcile: {
    summary: 'Finish deletions, find assets without their bytes',
    params: z.object({}),
    result: z.record(z.string(), z.int()),
  },
  examine: { summary: 'Look for the files that assets name', params: ExamineParams, result: Examination },
  claims: {
    summary: 'Which of these blob keys an asset claims',
    params: z.object({ keys: z.array(z.string()).max(1000) }),
    result: z.array(z.string()),
  },
});
