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

export const jsonOf = (schema: Json, description: string): Json => ({ description, content: { 'application/json': { schema } } });

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
        ...(retry && { headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds' } } }),
        content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ];
  }),
);

const anywhere: readonly ErrorCode[] = ['request.unauthorized', 'server.internal', 'server.busy', 'engine.away'];
const asked: readonly ErrorCode[] = ['request.malformed', 'params.invalid'];
const changed: readonly ErrorCode[] = ['request.cross-origin', 'request.too-large', 'storage.full'];

/** What any address below /api may refuse a request with: it is read, its parameters fit or not, and what changes something may not. */
export const refusals = (method: string): readonly ErrorCode[] => (method === 'GET' ? asked : [...asked, ...changed]);

/** What may go wrong: these, and what may go wrong anywhere. */
export const problems = (...codes: ErrorCode[]): Json =>
  Object.fromEntries(
    [...new Set([...anywhere, ...codes].map((code) => errorTable[code].status))]
      .sort()
      .map((status) => [String(status), { $ref: `#/components/responses/${responseName(status)}` }]),
  );
