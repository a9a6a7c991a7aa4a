import type { Manifest } from '../../plugins/sdk/manifest.ts';
import { errorTable } from '../contracts/errors.ts';
import { openapi } from './openapi.ts';
import { actionRoutes } from './routes.ts';

type Node = Record<string, unknown>;
const output = (kind: string, more: Node = {}) => ({
  kind,
  many: false,
  title: `A ${kind}`,
  optional: false,
  filter: false,
  facet: false,
  sort: false,
  schema: { $schema: 'x', type: 'string' },
  ...more,
});
const palette = {
  name: 'palette',
  title: 'Palette',
  version: '1.0.0',
  resultVersion: 1,
  accepts: ['image/*'],
  after: [],
  config: {},
  configSchema: {},
  outputs: {
    dominant: output('color', { filter: true }),
    warmth: output('float', { filter: true, unit: '%', schema: { type: 'number' } }),
    loud: output('boolean', { filter: true }),
    made: output('date', { filter: true, sort: true }),
    note: output('text'),
    strip: output('blob'),
  },
  run: { concurrency: 1, queue: 1, timeoutMs: 1, attempts: 1 },
} as unknown as Manifest;

const document = openapi({ manifests: [palette], version: '9.9.9', guarded: false });
const at = (...path: (string | number)[]): unknown =>
  path.reduce<unknown>((node, key) => (node as Node | undefined)?.[key as string], document);
const operations = () =>
  Object.entries(at('paths') as Record<string, Record<string, Node>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );

function* nodes(node: unknown, where = '#'): Generator<[string, Node]> {
  if (typeof node !== 'object' || node === null) return;
  yield [where, node as Node];
  for (const [key, child] of Object.entries(node)) yield* nodes(child, `${where}/${key}`);
}

describe('OpenAPI document', () => {
  it('has every published action and what the gateway answers itself', () => {
    const ids = operations().map(({ operation }) => operation['operationId']);
    expect(ids).toEqual(expect.arrayContaining(actionRoutes.map(({ action }) => action.name)));
    expect(ids).toEqual(expect.arrayContaining(['upload', 'events', 'original', 'variant', 'health', 'ready', 'openapi']));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers only to what is there', () => {
    const refs = [...nodes(document)].flatMap(([where, node]) =>
      typeof node['$ref'] === 'string' ? [[where, node['$ref']] as const] : [],
    );
    expect(refs.length).toBeGreaterThan(20);
    const dangling = refs.filter(([, ref]) => at(...ref.replace(/^#\//, '').split('/')) === undefined);
    expect(dangling).toEqual([]);
  });

  it('declares the parameters of every path, and no others in it', () => {
    for (const { path, operation } of operations()) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = ((operation['parameters'] ?? []) as Node[]).filter((parameter) => parameter['in'] === 'path');
      expect([path, declared.map(({ name }) => name)]).toEqual([path, wanted]);
      expect(declared.every(({ required, schema }) => required === true && schema !== undefined)).toBe(true);
    }
  });

  it('has a described answer for every operation, and JSON where a schema was given', () => {
    for (const { path, operation } of operations()) {
      const responses = Object.entries(operation['responses'] as Record<string, Node>);
      expect([path, responses.some(([status]) => /^(101|2)/.test(status))]).toEqual([path, true]);
      for (const [status, response] of responses)
        expect([path, status, typeof (response['description'] ?? response['$ref'])]).toEqual([path, status, 'string']);
    }
    expect(at('paths', '/api/assets/{id}', 'get', 'responses', '200', 'content', 'application/json', 'schema')).toEqual({
      $ref: '#/components/schemas/Asset',
    });
    expect(at('paths', '/api/assets/{id}', 'delete', 'responses', '204')).toBeDefined();
  });

  it('says what is sent as JSON, without what is in the path', () => {
    const body = at('paths', '/api/assets/{id}', 'patch', 'requestBody', 'content', 'application/json', 'schema') as Node;
    expect(Object.keys(body['properties'] as Node).sort()).toEqual(['description', 'rating', 'tags', 'title']);
    expect(body['required']).toBeUndefined();
  });

  it('follows from the manifests: values of assets, and filters of the search', () => {
    const values = at(
      'components',
      'schemas',
      'Asset',
      'properties',
      'enrichments',
      'properties',
      'palette',
      'properties',
    ) as Node;
    expect(Object.keys(values)).toEqual(['dominant', 'warmth', 'loud', 'made', 'note']);
    expect(values['dominant']).not.toHaveProperty('$schema');
    const search = at('paths', '/api/search', 'get', 'parameters') as Node[];
    const filters = search.map(({ name }) => name as string).filter((name) => name.includes('.'));
    expect(filters).toEqual(['palette.dominant', 'palette.warmth', 'palette.loud', 'palette.made']);
    expect(search.map(({ name }) => name)).toEqual(expect.arrayContaining(['q', 'tags', 'colors', 'sort', 'cursor', 'limit']));
    expect(JSON.stringify(openapi({ manifests: [], version: '1', guarded: false }))).not.toContain('palette.');
  });

  it('knows every problem of the error table', () => {
    expect(at('components', 'schemas', 'Problem', 'properties', 'code', 'enum')).toEqual(Object.keys(errorTable));
  });

  it('asks for keys only where there are some, and never for health', () => {
    expect(document).not.toHaveProperty('security');
    const guarded = openapi({ manifests: [], version: '1', guarded: true }) as Record<
      string,
      Record<string, Record<string, Node>>
    >;
    expect(guarded['security']).toEqual([{ bearer: [] }, { key: [] }]);
    expect(guarded['paths']?.['/ready']?.['get']?.['security']).toEqual([]);
  });
});
