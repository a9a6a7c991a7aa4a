import { z } from 'zod';
import { BlobRef } from '../../plugins/sdk/fields.ts';
import { tagLimits } from './tag-limits.ts';

export const Id = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'an asset id: 26 letters and digits');

/** An id as a request names it: what is none is not found, rather than wrong. */
export const AssetId = z.string().max(200).describe('The id of an asset');

export const AssetState = z.enum(['processing', 'ready', 'degraded']);
export type AssetState = z.infer<typeof AssetState>;

/** A derived file as the asset keeps it. */
export const AssetFile = BlobRef.extend({
  still: z.boolean().optional().describe('It shows the picture of the asset, of a video its poster, whole'),
});
export type AssetFile = z.infer<typeof AssetFile>;

/** A derived file as clients see it. */
export const Variant = AssetFile.omit({ key: true }).extend({ url: z.string().describe('Path of the file on this server') });
export type Variant = z.infer<typeof Variant>;

/** The name of a tag as people give it (Unicode NFC). */
export const TagName = z
  .string()
  .normalize('NFC')
  .trim()
  .min(1)
  .max(tagLimits.name)
  .regex(/^[^-,][^,]*$/, 'a tag has no comma and does not begin with -: searches read those as signs')
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]*$/u, 'a tag is one line, without control characters')
  // They join the parts of emoji and of words in some scripts; other marks of format hide a name or turn its writing.
  .regex(/^(?:[\u200c\u200d]|\P{Cf})*$/u, 'a tag has no invisible marks of format')
  .regex(/[^\p{Z}\p{Cf}]/u, 'a tag has something to be seen');

/** A tag that an asset has, by whose word and since when. */
export const AssetTag = z.object({
  name: z.string().describe('As the catalogue spells it'),
  source: z.string().describe('person, or the enricher that is surest of it; a person goes before enrichers'),
  confidence: z.number().min(0).max(1).optional().describe("A person's is 1; absent where the enricher gives none"),
  at: z.iso.datetime(),
});
export type AssetTag = z.infer<typeof AssetTag>;

/** What a person may say of an asset; no re-run of an enricher touches it. */
export const AssetEdit = z.strictObject({
  title: z.string().trim().max(500).nullable().optional(),
  description: z.string().trim().max(10_000).nullable().optional(),
  tags: z.array(TagName).max(tagLimits.byPerson).optional().describe('All the tags it is to have: others are taken away'),
  rating: z.int().min(0).max(5).nullable().optional(),
});
export type AssetEdit = z.infer<typeof AssetEdit>;

export const Asset = z.object({
  id: Id,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  filename: z.string(),
  type: z.string().describe('Media type, sniffed from the bytes'),
  bytes: z.int(),
  width: z.int().describe('Pixels, upright'),
  height: z.int().describe('Pixels, upright'),
  durationMs: z.int().optional(),
  state: AssetState.describe(
    'processing while work is due; ready when every accepting enricher has a result; degraded when all is settled but something is quarantined or unavailable',
  ),
  rev: z.int().describe('Rises with every change'),
  createdAt: z.iso.datetime(),
  title: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).describe('Names: those a person gave, then those of enrichers, the surest first'),
  rating: z.int().optional(),
  enrichments: z.record(z.string(), z.record(z.string(), z.unknown())),
  variants: z.array(Variant),
});
export type Asset = z.infer<typeof Asset>;

/** What a client calls itself, or a batch of its uploads: rooms of events have such names. Labels, no secrets. */
export const Label = z.string().regex(/^[\w.:-]{1,64}$/, 'up to 64 letters, digits and . : _ -');

/** With what an asset came first. */
export const Origin = z.object({
  session: Label.optional().describe('The session that it was sent in'),
  client: Label.optional().describe('The client that sent it'),
});
export type Origin = z.infer<typeof Origin>;

/** The origin alone, of what holds more. */
export const originOf = ({ session, client }: Origin): { session?: string; client?: string } => ({
  ...(session !== undefined && { session }),
  ...(client !== undefined && { client }),
});

/** What the ledger and the enrichers need to know of an asset. */
export const Subject = Origin.extend({
  id: z.string(),
  sha256: z.string(),
  filename: z.string(),
  type: z.string(),
  bytes: z.int(),
  width: z.int(),
  height: z.int(),
  durationMs: z.int().optional(),
});
export type Subject = z.infer<typeof Subject>;
