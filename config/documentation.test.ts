import { readFile } from 'node:fs/promises';
import { configurationDocument, documentationFile, typeInWords } from './documentation.ts';
import { shippedEnrichers } from './plugin-module.ts';
import { variables } from './variables.ts';

describe('docs/configuration.md', () => {
  it('says what the variables and the plugins declare (if not: npm run docs:configuration)', async () => {
    const written = await readFile(documentationFile, 'utf8').catch(() => '');
    if (written !== (await configurationDocument()))
      throw new Error('docs/configuration.md is out of date: npm run docs:configuration');
  });

  it('has every variable and every enricher that comes with Vitrail', async () => {
    const text = await configurationDocument();
    for (const { name } of Object.values(variables)) expect(text).toContain(`\`${name}\``);
    for (const name of shippedEnrichers()) expect(text).toContain(`### ${name}`);
  });

  it('holds nothing of the machine it was made on', async () => {
    expect(await configurationDocument()).not.toContain(import.meta.dirname);
  });
});

describe('an option in words', () => {
  it.each([
    [{ type: 'integer', minimum: 1, maximum: 16 }, 'integer, 1 to 16'],
    [{ type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 }, 'integer'],
    [{ type: 'integer', minimum: 1, maximum: 9007199254740991 }, 'integer, 1 or more'],
    [{ type: 'number', maximum: 0.5 }, 'number, 0.5 or less'],
    [{ type: 'string', enum: ['webp', 'avif'] }, 'one of `"webp"`, `"avif"`'],
    [{ type: 'array', items: { type: 'integer', minimum: 16, maximum: 64 } }, 'list: integer, 16 to 64'],
    [{}, 'any'],
  ])('%j is "%s"', (schema, words) => {
    expect(typeInWords(schema)).toBe(words);
  });
});
