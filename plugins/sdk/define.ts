import { z } from 'zod';
import type { Enricher, EnricherDefinition, RunPolicy } from './enricher.ts';
import type { Field, OutputFields } from './fields.ts';
import type { Manifest, ManifestField } from './manifest.ts';

const policy: RunPolicy = { concurrency: 4, queue: 64, timeoutMs: 30_000, attempts: 4 };

const outputName = /^[a-z][A-Za-z0-9]{0,39}$/;
const misnamed = (outputs: unknown): string[] => Object.keys(outputs as OutputFields).filter((name) => !outputName.test(name));

/** Bits or numbers of one value: an index holds those of all assets in memory. */
const longest = 4096;

/** What is wrong with the length of bits or of a vector, or with how far apart the same may be. */
function mismeasured(name: string, { kind, length = NaN, same }: Field): string[] {
  if (kind !== 'bits' && kind !== 'vector') {
    return same === undefined ? [] : [`only bits and vectors say what is the same, not '${name}'`];
  }
  const step = kind === 'bits' ? 4 : 1;
  if (!(length >= step && length <= longest && length % step === 0)) {
    const wanted = kind === 'bits' ? `a multiple of 4 from 4 to ${longest}` : `a whole number from 1 to ${longest}`;
    return [`the length of '${name}' must be ${wanted}`];
  }
  // Unlike pictures differ in half of the bits: an index groups by a quarter of them at most. Two vectors are 2 apart at most.
  const most = kind === 'bits' ? length / 4 : 2;
  if (same === undefined || (same >= 0 && same <= most)) return [];
  return [`'same' of '${name}' must be a number from 0 to ${most}${kind === 'bits' ? ', a quarter of its bits' : ''}`];
}

/** Marks that say nothing where they stand, or what nobody could keep. */
const misused = (outputs: unknown): string[] =>
  Object.entries(outputs as OutputFields).flatMap(([name, field]) => {
    const { kind, tags, still } = field;
    const confidence = tags?.confidence;
    const measured = confidence === undefined || (outputs as OutputFields)[confidence]?.kind === 'float';
    return [
      ...(tags && kind !== 'keyword' ? [`only keywords can be tags, not '${name}'`] : []),
      ...(measured ? [] : [`'${confidence}', the confidence of '${name}', is no output of floats`]),
      ...mismeasured(name, field),
      ...(still && kind !== 'blob' && kind !== 'blobs' ? [`only blobs can show the still, not '${name}'`] : []),
    ];
  });

const count = z.int().min(1).max(10_000);
const Shape = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower case, digits and dashes, at most 40'),
  title: z.string().min(1).max(100),
  version: z.string().regex(/^\d+\.\d+\.\d+/, 'a semantic version'),
  resultVersion: z.int().min(1),
  accepts: z.array(z.string().regex(/^[a-z]+\/(\*|[a-z0-9.+-]+)$/, 'a media type, or image/*')).min(1),
  after: z.array(z.string()),
  outputs: z
    .record(z.string(), z.unknown())
    .refine((outputs) => misnamed(outputs).length === 0, {
      error: ({ input }) => `names in camelCase, at most 40 characters, not ${misnamed(input).join(', ')}`,
    })
    .refine((outputs) => misused(outputs).length === 0, { error: ({ input }) => misused(input).join('; ') }),
  run: z.object({
    concurrency: count,
    queue: count,
    timeoutMs: z.int().min(10).max(86_400_000),
    attempts: z.int().min(1).max(100),
  }),
});

/** Declares an enricher. Mistakes in the declaration are thrown here, so that a bad plugin stops the boot, not the work. */
export function defineEnricher<C extends z.ZodType, O extends OutputFields>(
  definition: EnricherDefinition<C, O>,
): Enricher<C, O> {
  const enricher = { ...definition, after: definition.after ?? [], run: { ...policy, ...definition.run } };
  const checked = Shape.safeParse(enricher);
  if (!checked.success) throw new Error(`enricher '${definition.name}' is not declared well: ${z.prettifyError(checked.error)}`);
  return Object.freeze(enricher);
}

const searchable = new Set(['keyword', 'integer', 'float', 'boolean', 'date', 'color', 'colors']);
const ordered = new Set(['integer', 'float', 'date']);
const jsonSchema = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

function manifestField(field: Field): ManifestField {
  return {
    kind: field.kind,
    many: field.many,
    title: field.title,
    ...(field.description !== undefined && { description: field.description }),
    ...(field.unit !== undefined && { unit: field.unit }),
    optional: field.optional ?? false,
    ...(field.words !== undefined && { words: field.words }),
    filter: field.filter ?? searchable.has(field.kind),
    facet: field.facet ?? (field.kind === 'keyword' || field.kind === 'boolean'),
    sort: field.sort ?? (ordered.has(field.kind) && !field.many),
    ...(field.tags !== undefined && { tags: field.tags }),
    ...(field.length !== undefined && { length: field.length }),
    ...(field.same !== undefined && { same: field.same }),
    ...(field.still !== undefined && { still: field.still }),
    schema: jsonSchema(field.schema, 'output'),
  };
}

/** The enricher as data, with its options in force. `config` has been parsed by the enricher's own schema. */
export function manifestOf(enricher: Enricher, config: unknown): Manifest {
  return {
    name: enricher.name,
    title: enricher.title,
    ...(enricher.description !== undefined && { description: enricher.description }),
    version: enricher.version,
    resultVersion: enricher.resultVersion,
    accepts: [...enricher.accepts],
    after: [...enricher.after],
    config: config as Record<string, unknown>,
    configSchema: jsonSchema(enricher.config, 'input'),
    outputs: Object.fromEntries(Object.entries(enricher.outputs).map(([name, field]) => [name, manifestField(field)])),
    run: enricher.run,
  };
}

/** Whether a media type is one of those accepted: `image/png` by `image/*`. */
export const accepts = (accepted: readonly string[], type: string): boolean =>
  accepted.some((pattern) => pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1))));

/** The outputs as the manifest promises them, or what does not fit, in words. */
export function checkOutputs(enricher: Enricher, outputs: unknown): z.ZodSafeParseResult<Record<string, unknown>> {
  const shape = Object.fromEntries(
    Object.entries(enricher.outputs).map(([name, field]) => [name, field.optional ? field.schema.optional() : field.schema]),
  );
  return z.strictObject(shape).safeParse(outputs);
}
