const titleOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');

/** JavaScript rather than TypeScript: Node strips no types below node_modules, where a published enricher lies. */
const declaration = (name: string): string => `import { defineEnricher, field } from 'vitrail/sdk';
import { z } from 'zod';
import { toneOf } from './${name}.js';

export default defineEnricher({
  name: '${name}',
  title: '${titleOf(name)}',
  version: '0.1.0',
  resultVersion: 1, // raise it when results would differ: those that are there are made anew
  accepts: ['image/*'],
  config: z.strictObject({ dark: z.number().min(0).max(1).default(0.4).describe('Below it a picture is dark') }),
  outputs: {
    brightness: field.float({ title: 'Brightness', min: 0, max: 1, description: 'Mean of its pixels' }),
    tone: field.keyword({ title: 'Tone', description: 'dark or bright' }),
  },
  async enrich(_asset, { still, config, signal }) {
    signal.throwIfAborted();
    const pixels = await still.raw(64);
    signal.throwIfAborted();
    return toneOf(pixels, config.dark);
  },
});
`;

const logic = `/** How bright pixels are, 0 (black) to 1 (white), and the word for it. */
export function toneOf({ data, channels }, dark) {
  let sum = 0;
  for (let i = 0; i < data.length; i += channels) sum += data[i] + data[i + 1] + data[i + 2];
  const brightness = sum / (data.length / channels) / 3 / 255;
  return { brightness, tone: brightness < dark ? 'dark' : 'bright' };
}
`;

const test = `import assert from 'node:assert/strict';
import { it } from 'node:test';
import { enrichOnce, pictures, readable, testEnricher, unreadable } from 'vitrail/sdk/testkit';
import enricher from './index.js';

// What every enricher has to keep: outputs as declared, the same twice, plain refusals, an end when it is cancelled.
testEnricher(enricher, { accepts: readable, rejects: unreadable });

it('tells black from white', async () => {
  assert.deepEqual((await enrichOnce(enricher, pictures.black)).outputs, { brightness: 0, tone: 'dark' });
  assert.deepEqual((await enrichOnce(enricher, pictures.white)).outputs, { brightness: 1, tone: 'bright' });
});

it('takes the option dark', async () => {
  const { outputs } = await enrichOnce(enricher, pictures.middleGrey, { config: { dark: 0.9 } });
  assert.equal(outputs.tone, 'dark');
});
`;

const readme = (name: string): string => `# ${name}

An enricher for Vitrail: how bright a picture is.

- \`brightness\`: the mean of its pixels, 0–1.
- \`tone\`: \`dark\` below the option \`dark\` (default 0.4), else \`bright\`.

- \`index.js\` is what it says of itself: name, options, outputs, and the one function.
- \`${name}.js\` is what it does, without anything of Vitrail.
- \`${name}.test.js\` are its tests: \`npx vitrail test .\` runs them, where Vitrail is.

Vitrail lends it \`vitrail/sdk\`, \`zod\` and \`sharp\`; packages of its own go into \`package.json\`. Enable it under \`enrichers:\` of the plugins file, from
this folder or, published, as an npm package installed beside the plugins file:

    ${name}: { from: ../path/to/${name}, dark: 0.4 }
    ${name}: { from: vitrail-enricher-${name} }

Then its outputs are on every asset (\`enrichments.${name}\`), on the page, in OpenAPI, and searched for by \`GET /api/search?${name}.tone=dark\`,
\`?${name}.brightness=0.2..0.5\` and \`?sort=-${name}.brightness\`.
`;

const manifest = (name: string): string =>
  `${JSON.stringify(
    {
      name: `vitrail-enricher-${name}`,
      version: '0.1.0',
      description: `An enricher for Vitrail: ${titleOf(name)}`,
      keywords: ['vitrail-enricher'],
      type: 'module',
      exports: './index.js',
      files: ['*.js', '!*.test.js'],
      scripts: { test: 'vitrail test .' },
    },
    null,
    2,
  )}\n`;

/** The files of a new enricher, by name. `name` is one that `defineEnricher` takes. */
export const enricherFiles = (name: string): Readonly<Record<string, string>> => ({
  'package.json': manifest(name),
  'index.js': declaration(name),
  [`${name}.js`]: logic,
  [`${name}.test.js`]: test,
  'README.md': readme(name),
});
