import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jest } from '@jest/globals';
import { ConfigError } from './index.ts';
import { packageRoot } from './variables.ts';

// Node's module hooks do not reach into jest's sandbox; a test below shows them at work in a process of its own.
jest.unstable_mockModule('../mixins/enricher/resolve.ts', () => ({ registerPluginResolution: () => undefined }));
const { loadPlugins } = await import('./plugins.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-plugins-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, text: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

const sdk = join(packageRoot, 'plugins/sdk/index.ts');
const zod = join(packageRoot, 'node_modules/zod/index.js');

interface Written {
  name: string;
  after?: string[];
  config?: string;
  outputs?: string;
  imports?: string;
}

/** The source of an enricher that finds one word in everything. */
const source = ({
  name,
  after = [],
  config = 'z.strictObject({ size: z.int().min(1).max(9).default(3) })',
  outputs,
  imports,
}: Written) => `
  ${imports ?? `import { defineEnricher, field } from '${sdk}'; import { z } from '${zod}';`}
  export default defineEnricher({
    name: '${name}', title: 'A word', version: '1.0.0', resultVersion: 1, accepts: ['image/*'], after: ${JSON.stringify(after)},
    config: ${config},
    outputs: { ${outputs ?? `word: field.keyword({ title: 'Word' })`} },
    async enrich() { return { word: 'barn' }; },
  });`;
const plugin = (written: Written, path = `${written.name}/index.ts`) => write(path, source(written));
const enable = (enrichers: string) => write('plugins.yaml', `enrichers:\n${enrichers.replaceAll(/^/gm, '  ')}\n`);

async function refusal(file: string): Promise<string> {
  const error = await loadPlugins(file).then(
    () => new Error('was accepted'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as ConfigError;
  expect(message).not.toContain('\n');
  return message;
}

describe('loading plugins', () => {
  it('gives each enricher with its options, defaults filled in, after those it depends on', async () => {
    await plugin({ name: 'last', after: ['middle'] });
    await plugin({ name: 'middle', after: ['first'] });
    const module = await plugin({ name: 'first' });
    const file = await enable('last: { from: ./last }\nmiddle: { from: ./middle, size: 7 }\nfirst: { from: ./first }');
    const plugins = await loadPlugins(file);
    expect(plugins.map(({ enricher, config }) => [enricher.name, config])).toEqual([
      ['first', { size: 3 }],
      ['middle', { size: 7 }],
      ['last', { size: 3 }],
    ]);
    expect(plugins[0]?.module.pathname).toBe(module);
  });

  it('takes an enricher with nothing behind it as one without options, and an empty list as none', async () => {
    expect(await loadPlugins(await enable('{}'))).toEqual([]);
    const file = await enable('nothing:');
    expect(await refusal(file)).toContain("unknown enricher 'nothing'");
  });

  it('loads those that a node runs, and none of the others, which may be those that they come after', async () => {
    await plugin({ name: 'last', after: ['first'] });
    const file = await enable('first: { from: ./not-there }\nlast: { from: ./last }');
    const plugins = await loadPlugins(file, {}, ['last']);
    expect(plugins.map(({ enricher }) => enricher.name)).toEqual(['last']);
    expect(await loadPlugins(file, {}, [])).toEqual([]);
  });

  it('finds the module of an npm package as import would', async () => {
    await write(
      'node_modules/@me/word/package.json',
      JSON.stringify({ exports: { '.': { types: './x.d.ts', import: './lib/word.js' } } }),
    );
    await plugin({ name: 'word' }, 'node_modules/@me/word/lib/word.js');
    await write('node_modules/old/package.json', JSON.stringify({ main: 'main.js', type: 'module' }));
    await plugin({ name: 'old' }, 'node_modules/old/main.js');
    const plugins = await loadPlugins(await enable(`word: { from: '@me/word' }\nold: { from: old }`));
    expect(plugins.map(({ enricher }) => enricher.name).sort()).toEqual(['old', 'word']);
  });

  it('lends an enricher from anywhere on disk the sdk and zod', async () => {
    await plugin({ name: 'guest', imports: `import { defineEnricher, field } from 'vitrail/sdk'; import { z } from 'zod';` });
    const file = await enable('guest: { from: ./guest }');
    const script = `
      const { loadPlugins } = await import(${JSON.stringify(join(import.meta.dirname, 'plugins.ts'))});
      console.log(JSON.stringify((await loadPlugins(${JSON.stringify(file)})).map(({ config }) => config)));`;
    const { stdout, stderr } = spawnSync('node', ['--input-type=module', '--eval', script], { encoding: 'utf8', cwd: folder });
    expect(`${stdout}${stderr}`.trim()).toBe('[{"size":3}]');
  });
});

describe('a plugins file is refused in one line', () => {
  it('where it is not there', async () => {
    const file = join(folder, 'none.yaml');
    expect(await refusal(file)).toMatch(/none\.yaml.*cannot be read.*VITRAIL_PLUGINS_FILE/);
  });

  it.each([
    ['enrichers: { palette: {}', 'line 1'],
    ['enrichers:\n  a: {}\n  a: {}', 'Map keys must be unique'],
    ['', "the key 'enrichers'"],
    ['- palette', "the key 'enrichers'"],
    ['enricher: {}', "the key 'enrichers'"],
    ['enrichers: {}\nengines: {}', "a key 'engines'"],
    ['enrichers: [palette]', 'a map from names to options'],
    ['enrichers: { palette: 6 }', "'palette'"],
  ])('that is wrong as a whole: %j', async (text, says) => {
    const file = await write('plugins.yaml', text);
    const message = await refusal(file);
    expect(message).toContain(says);
    expect(message).toContain(file);
  });

  it('for an unknown enricher, with the folder that was looked for', async () => {
    const message = await refusal(await enable('palete: {}'));
    expect(message).toContain("'palete'");
    expect(message).toContain(join(packageRoot, 'plugins', 'palete'));
    expect(await refusal(await enable('../sdk: {}'))).toContain("unknown enricher '../sdk'");
    expect(await refusal(await enable('sdk: {}'))).toContain("unknown enricher 'sdk'");
  });

  it('for a folder or package that is not there, or is empty', async () => {
    expect(await refusal(await enable('word: { from: ./gone }'))).toContain(join(folder, 'gone'));
    expect(await refusal(await enable('word: { from: no-such-package }'))).toContain('npm install no-such-package');
    expect(await refusal(await enable('word: { from: 5 }'))).toContain("'from' of enricher 'word'");
    await mkdir(join(folder, 'empty'));
    expect(await refusal(await enable('word: { from: ./empty }'))).toMatch(/empty has no index\.ts/);
    await write('broken/package.json', '{');
    expect(await refusal(await enable('word: { from: ./broken }'))).toContain('package.json cannot be read');
  });

  it('for a module that throws or exports no enricher', async () => {
    await write('throws/index.ts', `throw new Error('out of order\\nsecond line');`);
    expect(await refusal(await enable('throws: { from: ./throws }'))).toMatch(/'throws' cannot be loaded .*out of order/);
    await write('plain/index.ts', `export default { name: 'plain' };`);
    expect(await refusal(await enable('plain: { from: ./plain }'))).toContain('export default defineEnricher');
  });

  it('for a name that is not the enricher’s own', async () => {
    await plugin({ name: 'word' });
    expect(await refusal(await enable('words: { from: ./word }'))).toMatch(/'words'.*calls itself 'word'/);
  });

  it.each(['z.strictObject({ swatches: z.int().default(6) })', 'z.object({ swatches: z.int().default(6) })'])(
    'for an unknown option of %s, with the nearest known one',
    async (config) => {
      await plugin({ name: 'word', config });
      const message = await refusal(await enable('word: { from: ./word, swatchs: 3 }'));
      expect(message).toMatch(/'word'.* no option 'swatchs'. Did you mean "swatches"\?/);
    },
  );

  it('for one that a node is to run and the file does not enable', async () => {
    await plugin({ name: 'word' });
    const file = await enable('word: { from: ./word }');
    const error: unknown = await loadPlugins(file, {}, ['wrod']).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toMatch(
      /^VITRAIL_PLUGINS names 'wrod', which .* does not enable; add it there\. Did you mean "word"\?$/,
    );
  });

  it('for an option that will not do, or is called as plugins.yaml’s own word', async () => {
    await plugin({ name: 'word' });
    expect(await refusal(await enable('word: { from: ./word, size: 10 }'))).toMatch(/'word'.*option 'size': .*9/);
    await plugin({ name: 'letter', config: 'z.object({ from: z.string().optional() })' });
    expect(await refusal(await enable('letter: { from: ./letter }'))).toContain("option 'from'");
  });

  it('for a dependency that is not enabled, and for a circle', async () => {
    await plugin({ name: 'one', after: ['two'] });
    expect(await refusal(await enable('one: { from: ./one }'))).toMatch(/'one' comes after 'two'/);
    await plugin({ name: 'two', after: ['one'] });
    expect(await refusal(await enable('one: { from: ./one }\ntwo: { from: ./two }'))).toMatch(/one.*two|two.*one/);
  });

  it('for outputs that differ only in case', async () => {
    await plugin({
      name: 'word',
      outputs: `word: field.keyword({ title: 'a' }), woRd: field.keyword({ title: 'b', optional: true })`,
    });
    expect(await refusal(await enable('word: { from: ./word }'))).toContain("'word' and 'woRd'");
  });
});
