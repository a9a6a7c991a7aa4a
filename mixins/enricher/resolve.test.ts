/** Resolution hooks are a process's own: each case runs in a Node of its own, as the server and its children do. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { openWorld } from '../../test/fixtures/enricher-pool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vitrail-plugin-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const plugin = `
  import { defineEnricher, field, PermanentError } from 'vitrail/sdk';
  import { z } from 'zod';
  import sharp from 'sharp';
  export default defineEnricher({
    name: 'elsewhere', title: 'Elsewhere', version: '1.0.0', resultVersion: 1, accepts: ['image/*'], config: z.object({}),
    outputs: { edge: field.integer({ title: 'Edge' }) },
    async enrich(asset: { width: number }, { still }: { still: { raw(edge: number): Promise<{ data: Buffer; width: number; height: number; channels: 3 | 4 }> } }) {
      const { data, ...raw } = await still.raw(256);
      const { info } = await sharp(data, { raw }).resize(10).png().toBuffer({ resolveWithObject: true });
      if (asset.width === 0) throw new PermanentError('empty');
      return { edge: info.width };
    },
  });
`;

/** What a module prints when it is imported after the hooks were registered. */
async function printed(file: string): Promise<string> {
  const hooks = new URL('./resolve.ts', import.meta.url).href;
  const script = `const { registerPluginResolution } = await import('${hooks}'); registerPluginResolution(); registerPluginResolution();
    await import('${pathToFileURL(file).href}');`;
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env });
  return stdout.trim();
}

it('lets a plugin from anywhere on disk run in a child process', async () => {
  const world = await openWorld({ slots: 1 });
  try {
    const module = pathToFileURL(write('elsewhere/index.ts', plugin)).href;
    const job = { ...world.job('elsewhere', await world.asset(), {}), module };
    await expect(world.pool.run(job, { timeoutMs: 20_000 })).resolves.toMatchObject({ outputs: { edge: 10 } });
  } finally {
    await world.close();
  }
});

it('gives the very modules of Vitrail, to import and to require', async () => {
  const sdk = new URL('../../plugins/sdk/index.ts', import.meta.url).href;
  const file = write(
    'mine.mjs',
    `import { createRequire } from 'node:module'; import { PermanentError } from 'vitrail/sdk'; import { z } from 'zod';
     const ours = await import('${sdk}'); const required = createRequire(import.meta.url)('zod');
     console.log(PermanentError === ours.PermanentError, typeof z.object, typeof required.z.object);`,
  );
  expect(await printed(file)).toBe('true function function');
});

it('leaves a plugin its own copy, and what it misses missing', async () => {
  write('node_modules/zod/package.json', '{ "name": "zod", "main": "index.js" }');
  write('node_modules/zod/index.js', 'exports.own = true;');
  expect(await printed(write('own.mjs', `import zod from 'zod'; console.log(zod.own);`))).toBe('true');
  await expect(printed(write('missing.mjs', `import 'moleculer';`))).rejects.toThrow(/ERR_MODULE_NOT_FOUND/);
  const required = `import { createRequire } from 'node:module'; createRequire(import.meta.url)('zod/missing');`;
  await expect(printed(write('required.mjs', required))).rejects.toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
  await expect(printed(write('subpath.mjs', `import 'vitrail/config';`))).rejects.toThrow(/ERR_MODULE_NOT_FOUND/);
});
