import { z } from 'zod';
import { Asset, AssetId } from './asset.ts';
import { contract } from './contract.ts';
import { ExamineParams, Examination } from './examination.ts';
import { tagLimits } from './tag-limits.ts';

/** `16x9`, `1.78`, or a word. Several, with commas: any of them. */
const Ratio = z.string().max(200);
const Range = z.string().max(40).optional();

/**
 * The parameters every search has. Beside them stands one filter per output that a manifest declares, named
 * `<enricher>.<output>`: services/search/parameters.ts reads those, and refuses what no manifest knows.
 */
export const SearchParams = z
  .object({
    q: z.string().max(500).optional().describe('Words: all must be found, each as a word or its beginning, or with a typo'),
    tags: z.string().max(2000).optional().describe('Comma-separated, all must be there; -tag must not'),
    colors: z.string().max(200).optional().describe('Up to five #rrggbb or #rgb, comma-separated; nearest first'),
    ratio: Ratio.optional().describe('16x9, 1.78, landscape, portrait or square; several with commas: any'),
    atleast: z.string().max(20).optional().describe('Smallest size: 1920x1080'),
    type: z.string().max(500).optional().describe('Media types, comma-separated: any; image/* for all of a kind'),
    state: z.string().max(100).optional().describe('processing, ready, degraded; several with commas: any'),
    orientation: z.string().max(100).optional().describe('landscape, portrait, square; several with commas: any'),
    rating: Range.describe('A number or a range: 3, 3..5, 4..'),
    width: Range.describe('Pixels, a number or a range: 1920.., 640..1280'),
    height: Range.describe('Pixels, a number or a range'),
    bytes: Range.describe('Size of the file, a number or a range: ..1000000'),
    durationMs: Range.describe('Length of a video, milliseconds, a number or a range: 60000..'),
    createdAt: z.string().max(60).optional().describe('A day or time, or a range: 2026-01-31, 2026-01-01..2026-01-31'),
    sort: z.string().max(100).optional().describe('relevance, newest, oldest, or a sortable field, with - for descending'),
    cursor: z.string().max(2000).optional().describe('The next of the page before'),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    facets: z.string().max(500).optional().describe('Fields to count; default: all that have facets; none: no counting'),
  })
  .catchall(z.union([z.string().max(2000), z.array(z.string().max(2000)).max(20)]));

export const SearchPage = z.object({
  items: z.array(Asset),
  total: z.int(),
  facets: z.record(z.string(), z.array(z.object({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.int() }))),
  next: z.string().nullable().describe('Opaque cursor of the next page'),
});
export type SearchPage = z.infer<typeof SearchPage>;

/** An asset that looks like another, and why. */
export const Similar = z.object({
  asset: Asset,
  distance: z
    .number()
    .min(0)
    .max(1)
    .describe(
      '0: the same; up to 0.25: the same picture in another size, format or quality; above: alike, the less the nearer to 1',
    ),
  why: z
    .enum(['same-picture', 'alike'])
    .describe('same-picture: its hashes are nearly those of the asset, and so is its shape; alike: it shows something like it'),
  signs: z
    .array(z.object({ field: z.string(), distance: z.number() }))
    .describe('What was compared: bits that differ, or 1 - cosine of vectors (0–2)'),
});
export type Similar = z.infer<typeof Similar>;

export const Duplicates = z.object({
  items: z.array(
    z.object({
      assets: z.array(Asset).describe('Largest first, by pixels and then by bytes; at most 20'),
      count: z.int().describe('All there are in the group'),
      distance: z
        .number()
        .min(0)
        .max(1)
        .describe('How far the one least like the first is from it: 0 the same hash, 1 nothing in common'),
    }),
  ),
  total: z.int().describe('Groups there are'),
  next: z.string().nullable().describe('Opaque cursor of the next page'),
});
export type Duplicates = z.infer<typeof Duplicates>;

export const search = contract('search', {
  query: {
    rest: 'GET /search',
    summary: 'Find assets',
    params: SearchParams,
    result: SearchPage,
    errors: ['search.cursor-invalid'],
  },
  similar: {
    rest: 'GET /assets/:id/similar',
    summary: 'What looks like an asset, nearest first',
    params: z.strictObject({ id: AssetId, limit: z.coerce.number().int().min(1).max(100).default(20) }),
    result: z.object({ items: z.array(Similar) }),
    errors: ['asset.not-found'],
  },
  duplicates: {
    rest: 'GET /duplicates',
    summary: 'Groups of one picture in several sizes, formats or qualities, largest first',
    params: z.strictObject({
      cursor: z.string().max(2000).optional().describe('The next of the page before'),
      limit: z.coerce.number().int().min(1).max(50).default(20).describe('Groups'),
    }),
    result: Duplicates,
    errors: ['search.cursor-invalid'],
  },
  tagUse: {
    summary: 'How many assets have each tag, as the index spells it; of all assets, or of those with one of these tags',
    params: z.object({ beside: z.array(z.string()).max(tagLimits.spellings).optional() }),
    result: z.object({ items: z.array(z.object({ name: z.string(), count: z.int() })) }),
  },
  tagged: {
    summary: 'Assets whose tags the index spells in one of these ways',
    params: z.object({
      names: z.array(z.string()).max(tagLimits.spellings),
      cursor: z.string().optional(),
      limit: z.int().max(200),
    }),
    result: z.object({ ids: z.array(z.string()), next: z.string().nullable() }),
  },
  rebuild: {
    rest: 'POST /search/rebuild',
    summary: 'Make the index anew from the records, while the one there is goes on answering',
    params: z.strictObject({}),
    result: z.object({ started: z.boolean().describe('False where one is under way on the node that was asked') }),
  },
  examine: { summary: 'Hold the index against the records', params: ExamineParams, result: Examination },
  feed: { summary: 'Bring the index up to date with the records', params: z.object({}), result: z.object({ fed: z.int() }) },
});
