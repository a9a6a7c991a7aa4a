import { z } from 'zod';
import { defineEnricher, field, type Field, type Result } from './index.ts';

const takes = (of: Field, value: unknown): boolean => of.schema.safeParse(value).success;
const file = { name: '640.jpg', key: 'derived/a/variants/b/640.jpg', type: 'image/jpeg', bytes: 100, width: 640, height: 480 };
const red = { hex: '#ff0000', weight: 1, oklab: [0.63, 0.22, 0.13] };

describe('field', () => {
  it.each<[string, Field, unknown[], unknown[]]>([
    ['text', field.text({ title: 'T' }), ['', 'a'.repeat(10_000)], ['a'.repeat(10_001), 1, null]],
    ['text of a length', field.text({ title: 'T', maxLength: 3 }), ['abc'], ['abcd']],
    ['keyword', field.keyword({ title: 'T' }), ['sunny'], ['', 'a'.repeat(201)]],
    ['keywords', field.keywords({ title: 'T', max: 2 }), [[], ['a', 'b']], [['a', 'b', 'c'], [''], 'a']],
    ['integer', field.integer({ title: 'T', min: -1, max: 3 }), [-1, 0, 3], [-2, 4, 1.5, '1']],
    ['float', field.float({ title: 'T', min: 0 }), [0, 1.5], [-0.1, Infinity, Number.NaN]],
    ['boolean', field.boolean({ title: 'T' }), [true, false], [0, 'true']],
    [
      'date',
      field.date({ title: 'T' }),
      ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.5+01:00', '2026-01-31T12:00:00'],
      ['2026-02-30T12:00:00Z', '2026-01-31', '2026-01-31T24:00:00Z', 'today', 1],
    ],
    ['color', field.color({ title: 'T' }), ['#a0b1c2'], ['#A0B1C2', '#abc', 'red']],
    [
      'colors',
      field.colors({ title: 'T', max: 1 }),
      [[], [red]],
      [[red, red], [{ ...red, weight: 1.1 }], [{ ...red, oklab: [0, 0] }]],
    ],
    ['vector', field.vector({ title: 'T', length: 2 }), [[0, -1]], [[0], [0, 1, 2], [0, Infinity]]],
    ['blob', field.blob({ title: 'T' }), [file], [{ ...file, name: '../640.jpg' }, { ...file, bytes: -1 }, 'a.jpg']],
    ['blobs', field.blobs({ title: 'T', max: 1 }), [[], [file]], [[file, file], file]],
  ])('%s takes what it says and nothing else', (_kind, of, good, bad) => {
    for (const value of good) expect([value, takes(of, value)]).toEqual([value, true]);
    for (const value of bad) expect([value, takes(of, value)]).toEqual([value, false]);
  });

  it('keeps what was said of it', () => {
    expect(field.float({ title: 'Size', description: 'How large', unit: 'MP', facet: true })).toMatchObject({
      kind: 'float',
      many: false,
      title: 'Size',
      description: 'How large',
      unit: 'MP',
      facet: true,
    });
    expect(field.keywords({ title: 'Tags' })).toMatchObject({ kind: 'keyword', many: true });
  });
});

/** These hold when they compile: tsc says so where an expected error is missing, and where one is too many. */
describe('the result of an enricher', () => {
  const outputs = {
    score: field.float({ title: 'Score' }),
    tags: field.keywords({ title: 'Tags' }),
    note: field.text({ title: 'Note', optional: true }),
  };
  const declare = (enrich: () => Promise<Result<typeof outputs>>) =>
    defineEnricher({
      name: 'typed',
      title: 'Typed',
      version: '1.0.0',
      resultVersion: 1,
      accepts: ['image/*'],
      config: z.strictObject({}),
      outputs,
      enrich,
    });

  it('compiles with every output, and without those that are optional', () => {
    expect(declare(() => Promise.resolve({ score: 1, tags: ['a'], note: 'n' })).name).toBe('typed');
    expect(declare(() => Promise.resolve({ score: 1, tags: [] })).name).toBe('typed');
    expect(declare(() => Promise.resolve({ score: 1, tags: [], note: undefined })).name).toBe('typed');
  });

  it('does not compile with one missing, misnamed or of another type', () => {
    // @ts-expect-error tags are missing
    declare(() => Promise.resolve({ score: 1 }));
    // @ts-expect-error it is called tags
    declare(() => Promise.resolve({ score: 1, tag: [] }));
    // @ts-expect-error a score is a number
    declare(() => Promise.resolve({ score: '1', tags: [] }));
    // @ts-expect-error what is optional has its type, too
    declare(() => Promise.resolve({ score: 1, tags: [], note: 1 }));
    expect.assertions(0);
  });

  it('gives `enrich` the options as the schema parses them', () => {
    const enricher = defineEnricher({
      name: 'configured',
      title: 'Configured',
      version: '1.0.0',
      resultVersion: 1,
      accepts: ['image/*'],
      config: z.strictObject({ edge: z.int().default(512) }),
      outputs: { score: field.float({ title: 'Score' }) },
      enrich(_asset, { config }) {
        // @ts-expect-error there is no such option
        const misspelt: unknown = config.egde;
        return Promise.resolve({ score: misspelt === undefined ? config.edge : 0 });
      },
    });
    expect(enricher.config.parse({})).toEqual({ edge: 512 });
  });
});
