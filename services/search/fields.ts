import type { SearchDoc, SearchField, SearchValue } from '../../drivers/search/port.ts';
import type { PaletteColor } from '../../plugins/sdk/fields.ts';
import type { TagNames } from '../../mixins/tag-names.ts';
import type { Manifest, ManifestField } from '../../plugins/sdk/manifest.ts';
import type { Asset } from '../contracts/asset.ts';
import { momentOf } from './moment.ts';
import { ratioWords, shapeOf } from './ratio.ts';

/** Raised when documents are built differently: the index is then fed anew. */
export const documentVersion = 3;

/** What every asset is found by, whatever enrichers there are. */
export const coreFields: readonly SearchField[] = [
  { name: 'title', kind: 'text', weight: 3 },
  { name: 'tagWords', kind: 'text', many: true, weight: 2 },
  { name: 'description', kind: 'text', weight: 1 },
  { name: 'filename', kind: 'text', weight: 1 },
  { name: 'tags', kind: 'keyword', many: true, filter: true, facet: true },
  { name: 'type', kind: 'keyword', filter: true, facet: true },
  { name: 'types', kind: 'keyword', many: true, filter: true },
  { name: 'state', kind: 'keyword', filter: true, facet: true },
  { name: 'orientation', kind: 'keyword', filter: true, facet: true },
  { name: 'ratio', kind: 'keyword', many: true, filter: true },
  { name: 'rating', kind: 'integer', filter: true, facet: true, sort: true },
  { name: 'width', kind: 'integer', filter: true, sort: true },
  { name: 'height', kind: 'integer', filter: true, sort: true },
  { name: 'bytes', kind: 'integer', filter: true, sort: true },
  { name: 'durationMs', kind: 'integer', filter: true, sort: true },
  { name: 'createdAt', kind: 'date', filter: true, sort: true },
];

/** What near-duplicates are grouped by besides; searches do not offer these. */
const ownFields: readonly SearchField[] = [
  { name: 'pixels', kind: 'integer', sort: true },
  { name: 'shape', kind: 'float', sort: true },
];

/** The name of an enricher's output in queries and in the index. */
export const outputField = (enricher: string, output: string): string => `${enricher}.${output}`;
/**
 * Keywords are found by words, too, through a companion of their own. Not those that are tags: the asset's tags are, less what a
 * person took away.
 */
const wordsOf = (name: string): string => `${name} words`;

const kinds: Partial<Record<ManifestField['kind'], SearchField['kind']>> = {
  text: 'text',
  keyword: 'keyword',
  integer: 'integer',
  float: 'float',
  boolean: 'boolean',
  date: 'date',
  color: 'keyword',
  colors: 'colors',
  vector: 'vector',
  bits: 'bits',
};

/** What an output is in the index: nothing, a field, or one with a companion for its words. */
function outputFields(name: string, declared: ManifestField): SearchField[] {
  const { kind, many, words = true, tags, length, filter, facet, sort } = declared;
  const indexed = kinds[kind];
  if (indexed === undefined || (indexed === 'text' && !words)) return [];
  const field = { name, kind: indexed, many, filter, facet, sort, ...(length !== undefined && { length }) };
  return kind === 'keyword' && words && tags === undefined
    ? [field, { name: wordsOf(name), kind: 'text', many, weight: 1 }]
    : [field];
}

/** What searches may name, as the manifests in force have it. */
export const searchFields = (manifests: readonly Manifest[]): SearchField[] => [
  ...coreFields,
  ...manifests.flatMap(({ name, outputs }) =>
    Object.entries(outputs).flatMap(([output, field]) => outputFields(outputField(name, output), field)),
  ),
];

/** The index as the manifests in force want it. */
export const indexFields = (manifests: readonly Manifest[]): SearchField[] => [...searchFields(manifests), ...ownFields];

function indexedValue(kind: ManifestField['kind'], value: unknown): SearchValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (kind === 'date') return momentOf(value as string);
  if (kind !== 'colors') return value as SearchValue;
  return (value as PaletteColor[]).map(({ weight, oklab: [l, a, b] }) => ({ l, a, b, weight }));
}

function* outputValues({ enrichments }: Asset, manifests: readonly Manifest[]): Generator<[string, SearchValue]> {
  for (const { name, outputs } of manifests) {
    for (const [output, field] of Object.entries(outputs)) {
      const value = indexedValue(field.kind, enrichments[name]?.[output]);
      if (value === undefined) continue;
      for (const { name: indexed } of outputFields(outputField(name, output), field)) yield [indexed, value];
    }
  }
}

/** What the index knows of an asset. Its tags stand as they are shown, and as words under every name of theirs and of those above them. */
export function searchDoc(asset: Asset, manifests: readonly Manifest[], names: TagNames): SearchDoc {
  const { id, rev, title, description, filename, tags, type, state, rating, width, height, bytes, durationMs } = asset;
  const [orientation = 'square'] = ratioWords(width, height);
  return {
    id,
    rev,
    fields: {
      filename,
      type,
      types: [type, `${type.split('/')[0] ?? ''}/*`],
      state,
      orientation,
      ratio: ratioWords(width, height),
      width,
      height,
      bytes,
      pixels: width * height,
      ...(width > 0 && height > 0 && { shape: shapeOf(asset) }),
      createdAt: Date.parse(asset.createdAt),
      ...(durationMs !== undefined && { durationMs }),
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      ...(tags.length > 0 && { tags, tagWords: [...new Set(tags.flatMap((tag) => names.words(tag)))] }),
      ...(rating !== undefined && { rating }),
      ...Object.fromEntries(outputValues(asset, manifests)),
    },
  };
}
