import { z } from 'zod';
import { FieldKind } from './fields.ts';

/** An output as data: what the rest of Vitrail knows of it. `schema` is its JSON Schema (2020-12). */
export const ManifestField = z.object({
  kind: FieldKind,
  many: z.boolean(),
  title: z.string(),
  description: z.string().optional(),
  unit: z.string().optional(),
  optional: z.boolean(),
  /** Whether its words are found; without it those of texts and keywords are. */
  words: z.boolean().optional(),
  filter: z.boolean(),
  facet: z.boolean(),
  sort: z.boolean(),
  /** Its keywords are tags of the asset; `confidence` is the output with a number for each. */
  tags: z.object({ confidence: z.string().optional() }).optional(),
  /** How many bits, or numbers of a vector. */
  length: z.int().positive().optional(),
  /** How far apart the bits or vectors of two may be that show the same picture. */
  same: z.number().nonnegative().optional(),
  /** This picture is the still of files that are none themselves. */
  still: z.boolean().optional(),
  schema: z.record(z.string(), z.unknown()),
});
export type ManifestField = z.infer<typeof ManifestField>;

/** An enricher as data: it travels in service metadata; storage, search, REST, OpenAPI and page are derived from it. */
export const Manifest = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string().optional(),
  version: z.string(),
  resultVersion: z.int(),
  accepts: z.array(z.string()),
  after: z.array(z.string()),
  /** The options in force, defaults filled in. */
  config: z.record(z.string(), z.unknown()),
  configSchema: z.record(z.string(), z.unknown()),
  outputs: z.record(z.string(), ManifestField),
  run: z.object({ concurrency: z.int(), queue: z.int(), timeoutMs: z.int(), attempts: z.int() }),
});
export type Manifest = z.infer<typeof Manifest>;
