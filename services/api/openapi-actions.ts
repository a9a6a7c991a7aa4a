import { z } from 'zod';
import type { Manifest, ManifestField } from '../../plugins/sdk/manifest.ts';
import { Asset } from '../contracts/asset.ts';
import { search } from '../contracts/search.ts';
import {
  answerOf,
  headerParameter,
  idempotencyKey,
  type Json,
  jsonOf,
  jsonSchema,
  pathParameter,
  problems,
  queryParameter,
  refusals,
} from './openapi-parts.ts';
import { type ActionRoute, takesIfMatch } from './routes.ts';

const placeholders = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
export const openapiPath = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');

/** What can be narrowed by, as services/search reads it. */
function filterSchema({ kind }: ManifestField): { schema: Json; grammar: string } | undefined {
  switch (kind) {
    case 'keyword':
    case 'color':
      return { schema: { type: 'string' }, grammar: 'Several with commas: any of them; with - before it: not that one' };
    case 'integer':
    case 'float':
      return {
        schema: { type: 'string', pattern: '^(-?\\d+(\\.\\d+)?)?(\\.\\.)?(-?\\d+(\\.\\d+)?)?$' },
        grammar: 'A number or a range: 3, 3..5, 3.. or ..5',
      };
    case 'date':
      return {
        schema: { type: 'string' },
        grammar: 'A day or a moment, or a range of them: 2026-01-31 or 2026-01-01..2026-01-31',
      };
    case 'boolean':
      return { schema: { type: 'boolean' }, grammar: 'true or false' };
    case 'text':
    case 'colors':
    case 'vector':
    case 'bits':
    case 'blob':
    case 'blobs':
      return undefined;
  }
}

/** One parameter for each output that its manifest lets searches narrow by: `<enricher>.<output>`. */
export function filterParameters(manifests: readonly Manifest[]): Json[] {
  return manifests.flatMap(({ name, title, outputs }) =>
    Object.entries(outputs).flatMap(([output, field]) => {
      const filter = field.filter ? filterSchema(field) : undefined;
      if (!filter) return [];
      const unit = field.unit === undefined ? '' : ` (${field.unit})`;
      return [queryParameter(`${name}.${output}`, filter.schema, `${title}: ${field.title}${unit}. ${filter.grammar}.`)];
    }),
  );
}

/** The operation of an action that has an address. */
export function actionOperation({ action, method, path }: ActionRoute, manifests: readonly Manifest[], components: Json): Json {
  const {
    properties = {},
    required = [],
    ...rest
  } = jsonSchema(action.params, 'input', components) as { properties?: Record<string, Json>; required?: string[] } & Json;
  const inPath = placeholders(path);
  const others = Object.entries(properties).filter(([name]) => !inPath.includes(name) && name !== 'ifMatch');
  const asQuery = method === 'GET' || method === 'DELETE';
  const queryParameters = asQuery
    ? others.map(([name, { description, ...schema }]) =>
        queryParameter(name, schema, description as string | undefined, { required: required.includes(name) }),
      )
    : [];
  const sendsJson = !asQuery && others.length > 0;
  const needed = required.filter((name) => !inPath.includes(name));
  const body = {
    ...rest,
    properties: Object.fromEntries(others),
    ...(needed.length > 0 && { required: needed }),
  };
  return {
    operationId: action.name,
    tags: [action.name.split('.')[0]],
    ...(action.summary !== undefined && { summary: action.summary }),
    parameters: [
      ...inPath.map((name) => pathParameter(name, properties[name] ?? { type: 'string' })),
      ...queryParameters,
      ...(action.name === search.query.name ? filterParameters(manifests) : []),
      ...headerParameters({ action, method }),
    ],
    ...(sendsJson && {
      requestBody: { required: needed.length > 0, content: { 'application/json': { schema: body } } },
    }),
    responses: {
      ...successOf({ action, method }, components),
      ...problems(...refusals(method), ...(action.errors ?? [])),
    },
  };
}

type Operation = Pick<ActionRoute, 'action' | 'method'>;

const headerParameters = ({ action, method }: Operation): Json[] => [
  ...(takesIfMatch(action)
    ? [headerParameter('If-Match', 'The ETag of the asset as it was seen: only that one is changed')]
    : []),
  ...(method === 'GET' && action.result === Asset ? [headerParameter('If-None-Match', 'The ETag that the client has')] : []),
  ...(method === 'POST' ? [idempotencyKey] : []),
];

function successOf({ action, method }: Operation, components: Json): Json {
  const result = jsonSchema(action.result, 'output', components);
  if (Object.keys(result).length === 0) return { 204: answerOf('Done') };
  const isPage = action.result instanceof z.ZodObject && 'next' in action.result.shape;
  const isAsset = action.result === Asset;
  const named = [
    ...(isAsset ? ['ETag' as const] : []),
    ...(isPage ? ['Link' as const] : []),
    ...(action.status === 201 ? ['Location' as const] : []),
  ];
  return {
    [action.status ?? 200]: jsonOf(result, 'Done', named),
    ...(isAsset && method === 'GET' && { 304: answerOf('What the client has is current', ['ETag']) }),
  };
}
