import { z } from 'zod';
import { accepts, checkOutputs, defineEnricher, field, Manifest, manifestOf } from './index.ts';

const declaration = {
  name: 'sharpness',
  title: 'Sharpness',
  version: '1.0.0',
  resultVersion: 1,
  accepts: ['image/*'],
  config: z.strictObject({ edge: z.int().default(512) }),
  outputs: {
    score: field.float({ title: 'Score', min: 0, max: 1, unit: '%' }),
    verdict: field.keyword({ title: 'Verdict', optional: true }),
  },
  enrich: () => Promise.resolve({ score: 0.5 }),
};

describe('defineEnricher', () => {
  it('fills in what was left out', () => {
    const enricher = defineEnricher({ ...declaration, run: { attempts: 2 } });
    expect(enricher.after).toEqual([]);
    expect(enricher.run).toEqual({ concurrency: 4, queue: 64, timeoutMs: 30_000, attempts: 2 });
  });

  it('cannot be changed afterwards', () => {
    const enricher = defineEnricher(declaration);
    expect(() => Object.assign(enricher, { name: 'other' })).toThrow(TypeError);
  });

  it.each([
    ['a name that is no URL word', { name: 'Sharp Ness' }, /'Sharp Ness'.*lower case, digits and dashes/s],
    ['a version that is not semantic', { version: 'one' }, /semantic version/],
    ['a result version below 1', { resultVersion: 0 }, /resultVersion/],
    ['nothing to accept', { accepts: [] }, /accepts/],
    ['a media type without its second half', { accepts: ['image'] }, /a media type, or image\/\*/],
    [
      'an output that is no identifier',
      { outputs: { 'a-b': field.boolean({ title: 'A' }) } },
      /camelCase, at most 40 characters, not a-b/,
    ],
    [
      'tags that are no words',
      { outputs: { score: field.float({ title: 'A', tags: {} }) } },
      /only keywords can be tags, not 'score'/,
    ],
    [
      'tags whose confidence is no output',
      { outputs: { labels: field.keywords({ title: 'A', tags: { confidence: 'sure' } }) } },
      /'sure', the confidence of 'labels', is no output of floats/,
    ],
    ['a still that is no file', { outputs: { look: field.text({ title: 'A', still: true }) } }, /only blobs can show the still/],
    [
      'a limit of sameness for what is not near or far',
      { outputs: { score: field.float({ title: 'Score', same: 1 }) } },
      /only bits and vectors say what is the same, not 'score'/,
    ],
    [
      'bits that are no whole digits',
      { outputs: { hash: field.bits({ title: 'A', length: 6 }) } },
      /length of 'hash'.*of 4 from 4/,
    ],
    ['no bits at all', { outputs: { hash: field.bits({ title: 'A', length: 0 }) } }, /length of 'hash'.*from 4 to 4096/],
    ['more bits than an index takes', { outputs: { hash: field.bits({ title: 'A', length: 4100 }) } }, /from 4 to 4096/],
    [
      'a vector of a half',
      { outputs: { look: field.vector({ title: 'A', length: 1.5 }) } },
      /length of 'look'.*whole number from 1/,
    ],
    ['a vector of nothing', { outputs: { look: field.vector({ title: 'A', length: 0 }) } }, /length of 'look'/],
    ['a vector longer than an index takes', { outputs: { look: field.vector({ title: 'A', length: 4097 }) } }, /1 to 4096/],
    [
      'bits that are the same where a quarter differ',
      { outputs: { hash: field.bits({ title: 'A', length: 64, same: 17 }) } },
      /'same' of 'hash' must be a number from 0 to 16, a quarter/,
    ],
    ['a sameness below nothing', { outputs: { hash: field.bits({ title: 'A', length: 64, same: -1 }) } }, /from 0 to 16/],
    ['a sameness that is no number', { outputs: { hash: field.bits({ title: 'A', length: 64, same: NaN }) } }, /from 0 to 16/],
    [
      'vectors that are the same whatever their angle',
      { outputs: { look: field.vector({ title: 'A', length: 3, same: 2.1 }) } },
      /'same' of 'look' must be a number from 0 to 2$/m,
    ],
    ['a policy that cannot be kept', { run: { concurrency: 0 } }, /concurrency/],
  ])('refuses %s, and says which enricher and what', (_what, change, message) => {
    const wrong = { ...declaration, ...change } as unknown as typeof declaration;
    expect(() => defineEnricher(wrong)).toThrow(message);
  });
});

describe('manifestOf', () => {
  const enricher = defineEnricher({ ...declaration, description: 'How sharp it is', after: ['exif'] });
  const manifest = manifestOf(enricher, enricher.config.parse({}));

  it('is data: JSON and back it is the same, and fits its schema', () => {
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
    expect(Manifest.parse(manifest)).toEqual(manifest);
  });

  it('says what was declared, with the options in force and their schema', () => {
    expect(manifest).toMatchObject({ name: 'sharpness', description: 'How sharp it is', after: ['exif'], config: { edge: 512 } });
    expect(manifest.configSchema).toMatchObject({ type: 'object', properties: { edge: { type: 'integer', default: 512 } } });
    expect(manifest.configSchema).not.toHaveProperty('required');
  });

  it('gives each output its kind, limits and what searches may do with it', () => {
    expect(manifest.outputs.score).toMatchObject({
      kind: 'float',
      many: false,
      unit: '%',
      optional: false,
      filter: true,
      facet: false,
      sort: true,
      schema: { type: 'number', minimum: 0, maximum: 1 },
    });
    expect(manifest.outputs.verdict).toMatchObject({
      kind: 'keyword',
      optional: true,
      filter: true,
      facet: true,
      sort: false,
    });
  });

  it('says how long bits and vectors are, up to the longest, and how far apart the same may be', () => {
    const outputs = {
      hash: field.bits({ title: 'Hash', length: 4096, same: 1024 }),
      short: field.bits({ title: 'Short', length: 4, same: 0 }),
      look: field.vector({ title: 'Look', length: 4096, same: 2 }),
    };
    const enrich = () => Promise.resolve({ hash: '', short: '', look: [] });
    const manifest = manifestOf(defineEnricher({ ...declaration, outputs, enrich }), {});
    expect(Object.values(Manifest.parse(manifest).outputs).map(({ length, same }) => [length, same])).toEqual([
      [4096, 1024],
      [4, 0],
      [4096, 2],
    ]);
  });

  it('lets searches narrow and sort by dates', () => {
    const dated = { taken: field.date({ title: 'Taken' }) };
    const { taken } = manifestOf(
      defineEnricher({ ...declaration, outputs: dated, enrich: () => Promise.resolve({ taken: '2026-01-31T12:00:00Z' }) }),
      {},
    ).outputs;
    expect(taken).toMatchObject({ kind: 'date', filter: true, facet: false, sort: true });
  });

  it('lets a declaration overrule what searches may do', () => {
    const quiet = {
      score: field.float({ title: 'Score', filter: false, sort: false, facet: true }),
      code: field.text({ title: 'Code', words: false }),
    };
    const outputs = manifestOf(
      defineEnricher({ ...declaration, outputs: quiet, enrich: () => Promise.resolve({ score: 1, code: '' }) }),
      {},
    ).outputs;
    expect(outputs.score).toMatchObject({ filter: false, sort: false, facet: true });
    expect(outputs.code).toMatchObject({ words: false, filter: false });
  });
});

describe('checkOutputs', () => {
  const enricher = defineEnricher(declaration);
  const problems = (outputs: unknown) => checkOutputs(enricher, outputs).error?.issues.map(({ path }) => path.join('.')) ?? [];

  it('lets through what was promised, with and without what is optional', () => {
    expect(checkOutputs(enricher, { score: 0.5 })).toMatchObject({ success: true, data: { score: 0.5 } });
    expect(checkOutputs(enricher, { score: 0, verdict: 'soft' }).success).toBe(true);
  });

  it.each([
    ['one that is missing', {}],
    ['one that is not declared', { score: 0.5, other: 1 }],
    ['one of the wrong type', { score: '0.5' }],
    ['one out of its range', { score: 1.5 }],
    ['no number', { score: Number.NaN }],
    ['nothing at all', undefined],
  ])('stops %s', (_what, outputs) => {
    expect(checkOutputs(enricher, outputs).success).toBe(false);
  });

  it('names the output that does not fit', () => {
    expect(problems({ score: 2, verdict: '' })).toEqual(['score', 'verdict']);
  });
});

describe('accepts', () => {
  it('takes a type by its name or by its kind', () => {
    expect(accepts(['image/png', 'video/*'], 'image/png')).toBe(true);
    expect(accepts(['image/png', 'video/*'], 'video/mp4')).toBe(true);
  });

  it('does not take another, nor one that only begins alike', () => {
    expect(accepts(['image/png', 'video/*'], 'image/jpeg')).toBe(false);
    expect(accepts(['image/*'], 'imagery/png')).toBe(false);
    expect(accepts([], 'image/png')).toBe(false);
  });
});
