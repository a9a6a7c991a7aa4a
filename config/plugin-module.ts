import { existsSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { registerPluginResolution } from '../mixins/enricher/resolve.ts';
import type { Enricher } from '../plugins/sdk/index.ts';
import { ConfigError } from './error.ts';
import { entryFile, packageFolder } from './package-entry.ts';
import { didYouMean } from './suggestion.ts';
import { packageRoot } from './variables.ts';

const pluginsFolder = join(packageRoot, 'plugins');

/** Names of the enrichers that come with Vitrail: the folders of plugins/ besides the sdk. */
export const shippedEnrichers = (): string[] =>
  readdirSync(pluginsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'sdk' && entryFile(join(pluginsFolder, entry.name)) !== null)
    .map((entry) => entry.name)
    .sort();

function folderOf(name: string, from: unknown, file: string): string {
  if (from === undefined) {
    if (shippedEnrichers().includes(name)) return join(pluginsFolder, name);
    const hint = didYouMean(name, shippedEnrichers()) || ` One from elsewhere needs 'from'.`;
    throw new ConfigError(`${file} names an unknown enricher '${name}': there is no folder ${join(pluginsFolder, name)}.${hint}`);
  }
  if (typeof from !== 'string' || from === '') {
    throw new ConfigError(`'from' of enricher '${name}' in ${file} has to be a folder or the name of an npm package.`);
  }
  if (isAbsolute(from) || /^\.{1,2}(\/|$)/.test(from)) {
    const folder = resolve(dirname(file), from);
    if (existsSync(folder)) return folder;
    throw new ConfigError(`enricher '${name}' in ${file} is to come from '${from}', but there is no folder ${folder}.`);
  }
  const folder = packageFolder(from, file) ?? packageFolder(from, join(packageRoot, 'package.json'));
  if (folder) return folder;
  throw new ConfigError(
    `enricher '${name}' in ${file} is to come from the npm package '${from}', which is not installed: npm install ${from}; a folder begins with ./ or ../ .`,
  );
}

/** The module of an enricher: of the folder plugins/<name>, or of what `from` says, a folder seen from `file` or an npm package. */
export function locate(name: string, from: unknown, file: string): URL {
  const folder = folderOf(name, from, file);
  // Those that come with Vitrail find the sdk and their packages by themselves.
  if (from !== undefined) registerPluginResolution();
  const entry = entryFile(folder);
  if (entry) return pathToFileURL(entry);
  throw new ConfigError(
    `enricher '${name}': ${folder} has no index.ts or index.js, nor a package.json whose exports or main name a file that is there.`,
  );
}

/** No instanceof: an enricher from elsewhere may bring its own copy of the sdk and of zod. */
const EnricherShape = z.object({
  name: z.string(),
  after: z.array(z.string()),
  outputs: z.record(z.string(), z.object({ kind: z.string() })),
  run: z.object({ timeoutMs: z.number() }),
  config: z.custom<object>((value) => typeof value === 'object' && value !== null && 'safeParseAsync' in value),
  enrich: z.custom<Enricher['enrich']>((value) => typeof value === 'function'),
});
const isEnricher = (value: unknown): value is Enricher => EnricherShape.safeParse(value).success;

export async function importEnricher(name: string, module: URL): Promise<Enricher> {
  const loaded: unknown = await import(module.href).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`enricher '${name}' cannot be loaded from ${module.pathname}: ${reason}`, { cause: error });
  });
  const exported: unknown = (loaded as { default?: unknown }).default;
  if (isEnricher(exported)) return exported;
  throw new ConfigError(`enricher '${name}': ${module.pathname} does not say 'export default defineEnricher({ … })'.`);
}
