import { z } from 'zod';

/** What an output may be. The kind decides storage, search mapping, filters, facets and the JSON schema. */
export const FieldKind = z.enum([
  'text',
  'keyword',
  'integer',
  'float',
  'boolean',
  'date',
  'color',
  'colors',
  'vector',
  'bits',
  'blob',
  'blobs',
]);
export type FieldKind = z.infer<typeof FieldKind>;

/** What a manifest says of an output besides its kind and schema; all of it is data and travels over the mesh. */
export interface FieldOptions {
  title: string;
  description?: string;
  /** The unit of a number, for people: `px`, `MP`, `%`. */
  unit?: string;
  /** May be left out of a result. */
  optional?: boolean;
  /** Searches find it by its words. Default: texts and keywords. */
  words?: boolean;
  /** Searches may narrow by it. Default: every keyword, number, boolean, date and colour. */
  filter?: boolean;
  /** Searches count its values. Default: keywords and booleans. */
  facet?: boolean;
  /** Searches may be sorted by it. Default: dates, and numbers that are not lists. */
  sort?: boolean;
  /**
   * Keywords only: they are tags of the asset, beside those that people give it. `confidence` names an output of floats, 0–1,
   * one for each keyword in the same order.
   */
  tags?: { confidence?: string };
  /**
   * Bits and vectors only: how far apart those of two assets may be that show the same picture. Look-alikes go by it. From 0 up to a
   * quarter of the bits, or up to 2 (1 - the cosine) for vectors.
   */
  same?: number;
  /**
   * Blobs only: they show the asset's still, whole. One blob is the still of a file that is none itself (of a video, its poster),
   * for the enrichers that come after this one; several are the still in other sizes, from which more can be made.
   */
  still?: boolean;
}

export interface Field<T = unknown> extends FieldOptions {
  readonly kind: FieldKind;
  readonly many: boolean;
  /** Bits and vectors only: how many bits, or numbers. */
  readonly length?: number;
  readonly schema: z.ZodType<T>;
}

export type OutputFields = Record<string, Field>;

/** What `enrich` must give for the declared outputs: a missing or misnamed one does not compile. */
export type Result<O extends OutputFields> = {
  [K in keyof O as O[K] extends { optional: true } ? never : K]: O[K] extends Field<infer T> ? T : never;
} & { [K in keyof O as O[K] extends { optional: true } ? K : never]?: (O[K] extends Field<infer T> ? T : never) | undefined };

/** `#rrggbb`, lower case. */
export const Hex = z.string().regex(/^#[0-9a-f]{6}$/);

/** A colour of a picture with its share and its place in OKLab (Ottosson 2020: L 0–1, a and b about -0.4–0.4). */
export const PaletteColor = z.object({
  hex: Hex,
  /** Share of the picture, 0–1. */
  weight: z.number().min(0).max(1),
  oklab: z.tuple([z.number(), z.number(), z.number()]),
});
export type PaletteColor = z.infer<typeof PaletteColor>;

/** A derived file, as `put` gives it. Its name is unique within the enricher and is the last part of its URL. */
export const BlobRef = z.object({
  name: z.string().regex(/^[a-z0-9][A-Za-z0-9._-]{0,63}$/),
  key: z.string(),
  type: z.string(),
  bytes: z.number().int().nonnegative(),
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
});
export type BlobRef = z.infer<typeof BlobRef>;

const declare = <T, const P extends FieldOptions>(
  kind: FieldKind,
  many: boolean,
  schema: z.ZodType<T>,
  options: P,
): Field<T> & P => ({
  kind,
  many,
  schema: schema.describe(options.description ?? options.title),
  ...options,
});

interface TextLimits {
  /** Characters, at most. Default 10,000 for text, 200 for a keyword. */
  maxLength?: number;
}
interface NumberLimits {
  min?: number;
  max?: number;
}
interface ListLimits {
  /** Entries, at most. */
  max?: number;
}

const within = (schema: z.ZodNumber, { min, max }: NumberLimits): z.ZodNumber => {
  const lower = min === undefined ? schema : schema.min(min);
  return max === undefined ? lower : lower.max(max);
};

/** The vocabulary of outputs. One declaration drives validation, storage, index mapping, filters, facets, REST and OpenAPI. */
export const field = {
  text: <const P extends FieldOptions & TextLimits>(options: P) =>
    declare('text', false, z.string().max(options.maxLength ?? 10_000), options),
  keyword: <const P extends FieldOptions & TextLimits>(options: P) =>
    declare(
      'keyword',
      false,
      z
        .string()
        .min(1)
        .max(options.maxLength ?? 200),
      options,
    ),
  keywords: <const P extends FieldOptions & TextLimits & ListLimits>(options: P) =>
    declare(
      'keyword',
      true,
      z
        .array(
          z
            .string()
            .min(1)
            .max(options.maxLength ?? 200),
        )
        .max(options.max ?? 100),
      options,
    ),
  integer: <const P extends FieldOptions & NumberLimits>(options: P) =>
    declare('integer', false, within(z.int(), options), options),
  float: <const P extends FieldOptions & NumberLimits>(options: P) =>
    declare('float', false, within(z.number(), options), options),
  /** At most 100 numbers. */
  floats: <const P extends FieldOptions & NumberLimits>(options: P) =>
    declare('float', true, z.array(within(z.number(), options)).max(100), options),
  boolean: <const P extends FieldOptions>(options: P) => declare('boolean', false, z.boolean(), options),
  /**
   * A moment as in ISO 8601 (`2026-01-31T12:00:00+01:00`), years 0–9999. One without an offset is the time on some wall: it is kept
   * as it is, and searches take it for UTC.
   */
  date: <const P extends FieldOptions>(options: P) =>
    declare('date', false, z.iso.datetime({ offset: true, local: true }), options),
  /** One colour as `#rrggbb`. */
  color: <const P extends FieldOptions>(options: P) => declare('color', false, Hex, options),
  /** Colours with their shares; a search by `colors=` finds the assets nearest to them. */
  colors: <const P extends FieldOptions & ListLimits>(options: P) =>
    declare('colors', true, z.array(PaletteColor).max(options.max ?? 16), options),
  /** Numbers of a fixed length, 1 to 4,096, for likeness. */
  vector: <const P extends FieldOptions & { length: number }>(options: P) =>
    declare('vector', false, z.array(z.number()).length(options.length), options),
  /** Bits of a fixed number, a multiple of 4 up to 4,096, as lower-case hexadecimal: likeness is how few differ (Hamming distance). */
  bits: <const P extends FieldOptions & { length: number }>(options: P) =>
    declare(
      'bits',
      false,
      z
        .string()
        .length(options.length / 4)
        .regex(/^[0-9a-f]+$/),
      options,
    ),
  /** A derived file. It is served at `/media/:id/<name>` and stands among the asset's variants. */
  blob: <const P extends FieldOptions>(options: P) => declare('blob', false, BlobRef, options),
  blobs: <const P extends FieldOptions & ListLimits>(options: P) =>
    declare('blobs', true, z.array(BlobRef).max(options.max ?? 64), options),
};
