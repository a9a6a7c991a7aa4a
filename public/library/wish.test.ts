import type { Field } from '../enrichers.js';
import { rangeOf, rangeText, stepOf, toggled, valueName, wishesOf } from './wish.js';

const field = (name: string, more: Partial<Field> = {}): [string, Field] => [
  name,
  {
    name,
    title: name,
    kind: 'keyword',
    unit: undefined,
    description: undefined,
    filter: true,
    facet: true,
    sort: false,
    schema: {},
    ...more,
  },
];
const fields = new Map([
  field('tags'),
  field('type'),
  field('state'),
  field('rating', { kind: 'integer' }),
  field('exif.flash', { kind: 'boolean', title: 'Flash' }),
  field('quality.score', { kind: 'float', title: 'Quality', schema: { minimum: 0, maximum: 100 } }),
  field('bytes', { kind: 'integer', title: 'Size', unit: 'bytes' }),
  field('durationMs', { kind: 'integer', title: 'Length', unit: 'ms' }),
  field('createdAt', { kind: 'date', title: 'Added' }),
]);
const labels = (query: string): string[] => wishesOf(new URLSearchParams(query), fields).map(({ label }) => label);

describe('values of parameters', () => {
  it('are put into a list and taken out of it', () => {
    expect(toggled(null, 'sea')).toBe('sea');
    expect(toggled('sea', 'sky')).toBe('sea,sky');
    expect(toggled('sea,sky', 'sea')).toBe('sky');
    expect(toggled('sea', 'sea')).toBeUndefined();
  });

  it.each([
    ['3..5', { from: '3', to: '5' }],
    ['3..', { from: '3', to: '' }],
    ['..5', { from: '', to: '5' }],
    ['3', { from: '3', to: '3' }],
    [null, { from: '', to: '' }],
  ])('are ends of a range: %s', (text, range) => {
    expect(rangeOf(text)).toEqual(range);
  });

  it('are written as the API takes them', () => {
    expect([rangeText({ from: '3', to: '' }), rangeText({ from: '', to: '' })]).toEqual(['3..', undefined]);
  });
});

describe('what a search asks for', () => {
  it('is said in words, part by part', () => {
    expect(
      labels('tags=sea,-night&type=image/jpeg&quality.score=60..&bytes=..1500000&durationMs=90000..&exif.flash=true'),
    ).toEqual(['sea', 'not night', 'JPEG', 'Quality: from 60', 'Size: up to 1.5 MB', 'Length: from 1:30', 'Flash: Yes']);
    expect(labels('atleast=1920x1080&rating=3..&state=degraded&quality.score=20..90')).toEqual([
      '1920 × 1080 or larger',
      'rating: 3★ or more',
      'Partly enriched',
      'Quality: 20 – 90',
    ]);
    expect(labels('q=dog&sort=oldest&panel=filters&nobody.knows=1')).toEqual([]);
  });

  it('says what is left of a parameter without each', () => {
    expect(wishesOf(new URLSearchParams('tags=sea,sky&colors=%23ff0000'), fields)).toMatchObject([
      { parameter: 'tags', left: 'sky' },
      { parameter: 'tags', left: 'sea' },
      { parameter: 'colors', left: undefined, color: '#ff0000' },
    ]);
  });
});

describe('fields', () => {
  it('have sliders with steps that fit what they measure', () => {
    expect(stepOf(fields.get('quality.score')!)).toBe(1);
    expect(stepOf({ ...fields.get('quality.score')!, schema: { minimum: 0, maximum: 1 } })).toBe(0.01);
  });
  it('have names for their values', () => {
    expect(valueName(fields.get('rating'), 3)).toBe('★★★');
    expect(valueName(undefined, 'h264')).toBe('h264');
  });
});
