import type { SearchField } from '../port.ts';
import { encoded, mappingOf, pathOf } from './mapping.ts';

const fields: SearchField[] = [
  { name: 'title', kind: 'text', weight: 3 },
  { name: 'exif.camera words', kind: 'text' },
  { name: 'exif.camera', kind: 'keyword', filter: true, facet: true },
  { name: 'exif', kind: 'keyword', sort: true },
  { name: 'rating', kind: 'integer', sort: true },
  { name: 'createdAt', kind: 'date', filter: true },
  { name: 'hidden', kind: 'boolean', filter: true },
  { name: 'palette.dominant', kind: 'colors' },
  { name: 'tags.embedding', kind: 'vector', length: 96 },
  { name: 'plain', kind: 'keyword' },
];

describe('the mapping', () => {
  it('has a place for each field that is filtered, counted, sorted or compared by, and for no other', () => {
    expect(mappingOf(fields, { knn: false })).toEqual({
      properties: {
        keywords: {
          properties: {
            'exif~2ecamera': { type: 'keyword', ignore_above: 8191 },
            exif: { type: 'keyword', ignore_above: 8191 },
          },
        },
        numbers: { properties: { rating: { type: 'double' }, createdAt: { type: 'double' } } },
        switches: { properties: { hidden: { type: 'boolean' } } },
        bytes: {
          properties: {
            'palette~2edominant': { type: 'binary', doc_values: true },
            'tags~2eembedding': { type: 'binary', doc_values: true },
          },
        },
      },
    });
  });

  it('has a graph for each vector beside its bytes where the index has the k-NN plugin', () => {
    const { properties } = mappingOf(fields, { knn: true }) as { properties: Record<string, unknown> };
    expect(Object.keys(properties)).toEqual(['keywords', 'numbers', 'switches', 'bytes', 'vectors']);
    expect(properties['vectors']).toEqual({
      properties: {
        'tags~2eembedding-96': {
          type: 'knn_vector',
          dimension: 96,
          data_type: 'byte',
          method: { name: 'hnsw', engine: 'lucene', space_type: 'cosinesimil' },
        },
      },
    });
  });

  it('keeps a field whose kind changes at another place', () => {
    expect(pathOf({ name: 'a.b', kind: 'keyword' })).toBe('keywords.a~2eb');
    expect(pathOf({ name: 'a.b', kind: 'float' })).toBe('numbers.a~2eb');
  });

  it('makes of any name one part of a path, and of no two the same', () => {
    const names = [
      'a.b',
      'a b',
      'a~2eb',
      'a-b',
      'a_b',
      'ä',
      '.',
      '..',
      '*',
      '#',
      '日本',
      `${'x'.repeat(200)}1`,
      `${'x'.repeat(200)}2`,
    ];
    const parts = names.map(encoded);
    expect(new Set(parts).size).toBe(names.length);
    for (const part of parts) expect(part).toMatch(/^[\w~-]{1,120}$/);
  });
});
