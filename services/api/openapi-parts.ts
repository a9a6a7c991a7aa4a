import { z } from 'zod';
import { Asset, AssetEdit, Variant } from '../contracts/asset.ts';
import { Enrichment, Failure } from '../contracts/enrichment.ts';
import { type ErrorCode, errorTable } from '../contracts/errors.ts';
import { MeshNode } from '../contracts/nodes.ts';
import { EnricherInfo } from '../contracts/pipeline.ts';
import { SearchPage } from '../contracts/search.ts';
import { problemType } from './problem.ts';

export type Json = Record<string, unknown>;

/** Schemas that clients meet by name. */
const named = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries({ Asset, AssetEdit, Variant, Enrichment, Failure, EnricherInfo, SearchPage, MeshNode }))
  named.add(schema, { id });

/**
 * A zod schema as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. Named schemas within become references to components,
 * and are added to those given.
 * @param io what clients send (`input`: defaults may be left out) or get (`output`)
 */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  // Within a list, a schema with a name of its own becomes a reference, too.
  const wrapped = z.toJSONSchema(z.object({ it: schema }), { metadata: named, io, unrepresentable: 'any' }) as unknown as {
    properties: { it: Json };
    $defs?: Json;
  };
  const { it, defs } = refersToComponents({ it: wrapped.properties.it, defs: wrapped.$defs ?? {} });
  for (const [name, { id: _, ...definition }] of Object.entries(defs as Record<string, Json>)) components[name] ??= definition;
  return it;
}

const refersToComponents = <J extends Json>(json: J): J =>
  JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')) as J;

const text = { type: 'string' };

/** Headers that answers share. */
export const headers: Json = {
  RateLimit: { schema: text, description: 'What is left, and for how many seconds: "default";r=29991;t=17' },
  RateLimitPolicy: { schema: text, description: 'How often a client may ask: "default";q=30000;w=60' },
  ETag: { schema: text, description: 'Of an asset its rev, in quotes' },
  Link: { schema: text, description: 'With rel="next" the address of the next page, where there is one' },
  Location: { schema: text, description: 'The address of what came of it' },
};
const ref = (name: string): Json => ({ $ref: `#/components/headers/${name}` });
const limited: Json = { RateLimit: ref('RateLimit'), 'RateLimit-Policy': ref('RateLimitPolicy') };

/** An answer of the API, with those of the shared headers that are named. */
export const answerOf = (description: string, named: readonly (keyof typeof headers)[] = [], own: Json = {}): Json => ({
  description,
  headers: { ...limited, ...Object.fromEntries(named.map((name) => [name, ref(name)])), ...own },
});
export const jsonOf = (
  schema: Json,
  description: string,
  named: readonly (keyof typeof headers)[] = [],
  own: Json = {},
): Json => ({
  ...answerOf(description, named, own),
  content: { 'application/json': { schema } },
});

const bytes = { type: 'string', format: 'binary' };
/** Bytes of a file; OpenAPI 3.1 leaves their schema empty but for the media type. */
export const file = (description: string, types: readonly string[], headers: Json = {}): Json => ({
  description,
  headers,
  content: Object.fromEntries(types.map((type) => [type, { schema: bytes }])),
});

export const queryParameter = (name: string, schema: Json, description?: string, more: Json = {}): Json => ({
  name,
  in: 'query',
  required: false,
  ...(description !== undefined && { description }),
  schema,
  ...more,
});
export const headerParameter = (name: string, description: string, more: Json = {}): Json => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: text,
  ...more,
});
export const idempotencyKey = headerParameter(
  'Idempotency-Key',
  'Sent again with the same key, the request is not carried out again, but answered as it was (for a day)',
);
export const pathParameter = (name: string, schema: Json): Json => ({ name, in: 'path', required: true, schema });

const rows = Object.entries(errorTable);

/** RFC 9457, with the codes of the error table. */
export const Problem: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri' },
    code: {
      type: 'string',
      enum: rows.map(([code]) => code),
      description: rows.map(([code, { status, title }]) => `${code} (${status}): ${title}`).join('\n'),
    },
  },
  additionalProperties: true,
};

const responseName = (status: number): string => `Problem${status}`;

/** One response for each status that problems have. */
export const problemResponses: Json = Object.fromEntries(
  [...new Set(rows.map(([, { status }]) => status))].sort().map((status) => {
    const lines = rows.filter(([, row]) => row.status === status).map(([code, { title }]) => `${title} (${code}).`);
    const retry = rows.some(([, row]) => row.status === status && row.retry);
    return [
      responseName(status),
      {
        description: lines.join(' '),
        headers: { ...limited, ...(retry && { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds' } }) },
        content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ];
  }),
);

/** What any request to the API may meet: no key, too many of them, a failure, a part that is away. */
export const anywhere: readonly ErrorCode[] = [
  'request.unauthorized',
  'request.too-many',
  'server.internal',
  'server.busy',
  'engine.away',
];
const asked: readonly ErrorCode[] = ['request.malformed', 'params.invalid'];
const changed: readonly ErrorCode[] = ['request.cross-origin', 'request.too-large', 'storage.full'];
const once: readonly ErrorCode[] = ['request.under-way', 'request.key-reused'];

/** What an action's address may answer besides reasons of its own: it is read, its parameters fit or not, and what changes something may not. */
export const refusals = (method: string): readonly ErrorCode[] => [
  ...anywhere,
  ...asked,
  ...(method === 'GET' ? [] : changed),
  ...(method === 'POST' ? once : []),
];

/** What may go wrong, by the statuses of these errors; that it is asked for by a strange name, always. */
export const problems = (...codes: readonly ErrorCode[]): Json =>
  Object.fromEntries(
    [...new Set([...codes, 'request.misdirected' as const].map((code) => errorTable[code].status))]
      .sort((a, b) => a - b)
      .map((status) => [String(status), { $ref: `#/components/responses/${responseName(status)}` }]),
  );
