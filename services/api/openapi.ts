import type { Manifest } from '../../plugins/sdk/manifest.ts';
import { actionOperation, openapiPath } from './openapi-actions.ts';
import { ownPaths } from './openapi-own.ts';
import { tusPaths } from './openapi-tus.ts';
import { headers, type Json, Problem, problemResponses } from './openapi-parts.ts';
import { actionRoutes } from './routes.ts';

export interface OpenapiOptions {
  manifests: readonly Manifest[];
  version: string;
  /** Whether keys are needed. */
  guarded: boolean;
}

/** What enrichers make of an asset, as their manifests declare it; derived files stand among the asset's variants instead. */
function enrichmentsSchema(manifests: readonly Manifest[]): Json {
  const properties = manifests.map(({ name, title, description, outputs }) => {
    const values = Object.entries(outputs).filter(([, { kind }]) => kind !== 'blob' && kind !== 'blobs');
    const schemas = values.map(([output, { title: label, unit, schema }]) => {
      const { $schema: _, ...json } = schema;
      return [output, { title: label, ...(unit !== undefined && { 'x-unit': unit }), ...json }] as const;
    });
    return [
      name,
      { type: 'object', title, ...(description !== undefined && { description }), properties: Object.fromEntries(schemas) },
    ] as const;
  });
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: { type: 'object' } };
}

/** The description of the whole API (OpenAPI 3.1): from the schemas of the contracts, and from the manifests of the enrichers. */
export function openapi({ manifests, version, guarded }: OpenapiOptions): Json {
  const schemas: Json = { Problem };
  const paths: Record<string, Json> = { ...ownPaths(schemas), ...tusPaths() };
  for (const route of actionRoutes) {
    const path = openapiPath(`/api${route.path}`);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: actionOperation(route, manifests, schemas) };
  }
  const asset = schemas.Asset as { properties: Json };
  const enriched = { ...asset, properties: { ...asset.properties, enrichments: enrichmentsSchema(manifests) } };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Vitrail',
      version,
      description: 'Enriches pictures and videos with plugins, and makes them findable and servable.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { ...schemas, Asset: enriched },
      headers,
      responses: problemResponses,
      ...(guarded && {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, key: { type: 'apiKey', in: 'header', name: 'X-API-Key' } },
      }),
    },
    ...(guarded && { security: [{ bearer: [] }, { key: [] }] }),
  };
}
