import { field, type ManifestField } from '../../plugins/sdk/index.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import { partsOf } from './projection.ts';

const declared = (kind: ManifestField['kind'], rest: Partial<ManifestField> = {}): ManifestField => ({
  kind,
  many: kind === 'blobs',
  title: kind,
  optional: false,
  filter: false,
  facet: false,
  sort: false,
  schema: {},
  ...rest,
});
const file = (name: string) => ({ name, key: `derived/x/${name}`, type: 'image/jpeg', bytes: 1 });

describe('what an asset keeps of a result', () => {
  it('is its files apart, marked where they show the still, and none of their keys among the values', () => {
    const outputs = {
      poster: declared('blob', { still: true }),
      sizes: declared('blobs', { still: true }),
      sheet: declared('blob'),
    };
    const parts = partsOf({ poster: file('poster'), sizes: [file('small')], sheet: file('sheet') }, manifest('m', { outputs }));
    expect(parts.files).toEqual([{ ...file('poster'), still: true }, { ...file('small'), still: true }, file('sheet')]);
    expect(JSON.stringify(parts.values)).not.toContain('derived/');
  });

  it('is the tags among its keywords, with their confidence where it is given', () => {
    const outputs = {
      labels: declared('keyword', { many: true, tags: { confidence: 'sure' } }),
      sure: declared('float', { many: true }),
      mood: declared('keyword', { tags: {} }),
      camera: declared('keyword'),
    };
    const result = { labels: ['dog', 'grass'], sure: [0.9], mood: 'calm', camera: 'M3' };
    expect(partsOf(result, manifest('m', { outputs })).tags).toEqual([
      { name: 'dog', confidence: 0.9 },
      { name: 'grass' },
      { name: 'calm' },
    ]);
  });

  it('has no tags where none are declared, or given', () => {
    const { kind, many } = field.keywords({ title: 'Labels' });
    expect(partsOf({}, manifest('m', { outputs: { labels: declared(kind, { many, tags: {} }) } })).tags).toEqual([]);
  });
});
