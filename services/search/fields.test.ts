import { manifest } from '../../test/fixtures/manifest.ts';
import { newAsset } from '../../test/integration/api/gateway.ts';
import { TagNames } from '../../mixins/tag-names.ts';
import { coreFields, searchDoc, searchFields } from './fields.ts';

const output = { many: false, title: 't', optional: true, filter: true, facet: false, sort: false, schema: {} };
const manifests = [
  manifest('exif', {
    outputs: {
      camera: { ...output, kind: 'keyword', facet: true },
      serial: { ...output, kind: 'keyword', words: false },
      takenAt: { ...output, kind: 'date', sort: true },
      note: { ...output, kind: 'text', filter: false },
      hash: { ...output, kind: 'text', filter: false, words: false },
      likeness: { ...output, kind: 'vector', filter: false, length: 2 },
    },
  }),
];
const valuesOf = (exif: Record<string, unknown>) => {
  const { fields } = searchDoc(newAsset({ enrichments: { exif } }), manifests, new TagNames([]));
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name.startsWith('exif.')));
};

describe('what the index holds of an output', () => {
  it('follows from its declaration: kinds, words beside keywords, and nothing of what is not for searching', () => {
    const fields = searchFields(manifests).slice(coreFields.length);
    expect(fields.at(-1)?.length).toBe(2);
    expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
      ['exif.camera', 'keyword'],
      ['exif.camera words', 'text'],
      ['exif.serial', 'keyword'],
      ['exif.takenAt', 'date'],
      ['exif.note', 'text'],
      ['exif.likeness', 'vector'],
    ]);
  });

  it('is in each document only under fields that are declared', () => {
    const said = { camera: 'Pentax', serial: 'A1', note: 'by the sea', hash: 'a2V5', likeness: [1, 0], unknown: 'x' };
    expect(valuesOf(said)).toEqual({
      'exif.camera': 'Pentax',
      'exif.camera words': 'Pentax',
      'exif.serial': 'A1',
      'exif.note': 'by the sea',
      'exif.likeness': [1, 0],
    });
    expect(valuesOf({})).toEqual({});
  });

  it.each([
    ['2026-01-31T12:00:00Z', 12],
    ['2026-01-31T12:00:00+02:00', 10],
    ['2026-01-31T12:00:00', 12],
  ])('is the moment of a date in ms, UTC where no offset is said: %s', (takenAt, hour) => {
    expect(valuesOf({ takenAt })).toEqual({ 'exif.takenAt': Date.UTC(2026, 0, 31, hour) });
  });
});

it('the index holds the length of what has one', () => {
  const lengthOf = (durationMs?: number) =>
    searchDoc(newAsset({ ...(durationMs !== undefined && { durationMs }) }), [], new TagNames([])).fields['durationMs'];
  expect([lengthOf(61_000), lengthOf()]).toEqual([61_000, undefined]);
});
