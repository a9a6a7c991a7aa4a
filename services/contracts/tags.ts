import { z } from 'zod';
import { AssetId, TagName } from './asset.ts';
import { contract } from './contract.ts';
import { tagLimits } from './tag-limits.ts';

/**
 * A name that the catalogue knows. Each has a row of its own, by its key (mixins/tag-names.ts): what was renamed, merged or is
 * a synonym says by `into` which other one it means now.
 */
export const TagRow = z.object({
  id: z.string().describe('Its key'),
  name: z.string(),
  /** Key of the name that it means now. */
  into: z.string().optional(),
  /** Key of the tag it stands below. */
  parent: z.string().optional(),
  /** Somebody entered or changed it; a name without this is known from use alone. */
  made: z.boolean().optional(),
  /** Other spellings (large and small letters) it was shown in. */
  was: z.array(z.string()).optional(),
});
export type TagRow = z.infer<typeof TagRow>;

/** A tag of the catalogue as clients see it. */
export const Tag = z.object({
  name: z.string(),
  parent: z.string().optional().describe('A search for the parent finds what has the tag, at any depth'),
  synonyms: z.array(z.string()).describe('Other names, former ones included: they mean this tag'),
  count: z.int().describe('Assets that have it; those that only have a tag below it do not count'),
});
export type Tag = z.infer<typeof Tag>;

export const Suggestion = z.object({
  name: z.string(),
  count: z.int().describe('Assets that have it'),
  synonym: z.string().optional().describe('The other name that fits what was typed, where the name itself does not'),
  together: z.int().optional().describe('With for: assets that have it and share a tag with that asset'),
});
export type Suggestion = z.infer<typeof Suggestion>;

const Synonyms = z.array(TagName).max(tagLimits.synonyms);
const ByTag = z.strictObject({ tag: TagName });
const Typed = z.string().max(tagLimits.name).optional();

/** The catalogue of tags: which there are, by which names they are found, and which stand below which. */
export const tags = contract('tags', {
  list: {
    rest: 'GET /tags',
    summary: 'The catalogue of tags',
    params: z.strictObject({
      q: Typed.describe('The beginning of a name or synonym, or of a word in it; case and accents do not matter'),
      sort: z.enum(['count', 'name']).default('count').describe('count: the most used first'),
      cursor: z.string().max(1000).optional().describe('The next of the page before'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    result: z.object({ items: z.array(Tag), total: z.int(), next: z.string().nullable() }),
    errors: ['search.cursor-invalid'],
  },
  create: {
    rest: 'POST /tags',
    status: 201,
    summary: 'Enter a tag, with its parent and synonyms',
    params: z.strictObject({ name: TagName, parent: TagName.optional(), synonyms: Synonyms.optional() }),
    result: Tag,
    errors: ['tag.exists', 'tag.circle', 'tag.limit'],
  },
  suggest: {
    rest: 'GET /tags/suggest',
    summary: 'Tags that fit what is being typed, or the tags an asset has',
    params: z.strictObject({
      q: Typed.describe('The beginning of a name or synonym, or of a word in it; case and accents do not matter'),
      for: AssetId.optional().describe('Tags that assets like this one have come first; those it has are left out'),
      limit: z.coerce.number().int().min(1).max(50).default(10),
    }),
    result: z.object({ items: z.array(Suggestion) }),
    errors: ['asset.not-found'],
  },
  get: {
    rest: 'GET /tags/:tag',
    summary: 'One tag, by its name or a synonym',
    params: ByTag,
    result: Tag,
    errors: ['tag.not-found'],
  },
  edit: {
    rest: 'PATCH /tags/:tag',
    summary: 'Rename a tag, merge it into another, or change its parent and synonyms',
    params: ByTag.extend({
      name: TagName.optional().describe('The old name becomes a synonym'),
      parent: TagName.nullable().optional(),
      synonyms: Synonyms.optional().describe('All of them: others are names of their own again'),
      merge: z.boolean().default(false).describe('Where a name is that of another tag, the two become one'),
    }),
    result: Tag,
    errors: ['tag.not-found', 'tag.exists', 'tag.circle', 'tag.limit'],
  },
  remove: {
    rest: 'DELETE /tags/:tag',
    summary: 'Take a tag with its relations out of the catalogue, or a synonym off its tag; assets keep the tag',
    params: ByTag,
    result: z.void(),
    errors: ['tag.not-found'],
  },
  learn: {
    summary: 'Enter names that have come into use; those that are there stay as they are',
    params: z.object({ names: z.array(z.string().min(1).max(200)).max(tagLimits.atOnce) }),
    result: z.array(TagRow),
  },
  rows: {
    summary: 'What the catalogue keeps: of these names, or all of it page by page',
    params: z.object({
      ids: z.array(z.string()).max(tagLimits.atOnce).optional(),
      after: z.string().default(''),
      limit: z.int().max(tagLimits.atOnce).default(tagLimits.atOnce),
    }),
    result: z.array(TagRow),
  },
});
