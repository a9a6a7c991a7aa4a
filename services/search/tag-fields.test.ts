import { TagNames } from '../../mixins/tag-names.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import type { Asset } from '../contracts/asset.ts';
import { searchDoc, searchFields } from './fields.ts';

const output = {
  kind: 'keyword' as const,
  many: true,
  title: 't',
  optional: false,
  filter: true,
  facet: true,
  sort: false,
  schema: {},
};
const manifests = [manifest('tags', { outputs: { labels: { ...output, tags: {} }, places: output } })];
const names = new TagNames([
  { id: 'animal', name: 'animal' },
  { id: 'dog', name: 'dog', parent: 'animal' },
  { id: 'hound', name: 'hound', into: 'dog' },
]);
const asset: Asset = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  sha256: '0'.repeat(64),
  filename: 'a.jpg',
  type: 'image/jpeg',
  bytes: 1,
  width: 2,
  height: 1,
  state: 'ready',
  rev: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  tags: ['dog', 'sky'],
  enrichments: { tags: { labels: ['hound', 'cat'], places: ['park'] } },
  variants: [],
};

describe('what the index knows of an asset', () => {
  const { fields } = searchDoc(asset, manifests, names);

  it('are its tags as shown, and their words under every name of theirs and of those above them', () => {
    expect(fields['tags']).toEqual(['dog', 'sky']);
    expect(fields['tagWords']).toEqual(['dog', 'hound', 'animal', 'sky']);
    expect(searchDoc({ ...asset, tags: [] }, manifests, names).fields).not.toHaveProperty('tags');
  });

  it('are words of keywords, but of those that are tags only through the tags it has', () => {
    expect(fields).toMatchObject({ 'tags.labels': ['hound', 'cat'], 'tags.places': ['park'], 'tags.places words': ['park'] });
    expect(fields).not.toHaveProperty(['tags.labels words']);
    const declared = searchFields(manifests).map(({ name }) => name);
    expect(declared).toEqual(expect.arrayContaining(['tags.labels', 'tags.places', 'tags.places words']));
    expect(declared).not.toContain('tags.labels words');
  });
});
