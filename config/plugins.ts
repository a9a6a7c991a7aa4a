import type { Enricher, OutputFields } from '../plugins/sdk/index.ts';
import { dependencyOrder } from '../plugins/sdk/order.ts';
import { ConfigError } from './error.ts';
import { importEnricher, locate } from './plugin-module.ts';
import { parseOptions } from './plugin-options.ts';
import { readPluginsFile } from './plugins-file.ts';
import { didYouMean } from './suggestion.ts';

/** An enabled enricher with its options in force, and the module it came from, for child processes to import. */
export interface Plugin {
  enricher: Enricher;
  /** Parsed by the enricher's own schema. */
  config: unknown;
  module: URL;
}

async function loadPlugin(name: string, written: Record<string, unknown>, file: string): Promise<Plugin> {
  const { from, ...options } = written;
  const module = locate(name, from, file);
  const enricher = await importEnricher(name, module);
  if (enricher.name !== name) {
    throw new ConfigError(
      `${file} names an enricher '${name}', but ${module.pathname} calls itself '${enricher.name}'; use that name.`,
    );
  }
  refuseClashes(enricher.name, enricher.outputs);
  return { enricher, module, config: await parseOptions(enricher, options, file) };
}

/** Column names know no case, so neither may outputs differ by it alone. */
function refuseClashes(enricher: string, outputs: OutputFields): void {
  const seen = new Map<string, string>();
  for (const name of Object.keys(outputs)) {
    const other = seen.get(name.toLowerCase());
    if (other)
      throw new ConfigError(
        `enricher '${enricher}' has two outputs, '${other}' and '${name}', that differ only in case; rename one.`,
      );
    seen.set(name.toLowerCase(), name);
  }
}

function inOrder(plugins: readonly Plugin[], file: string): Plugin[] {
  const byName = new Map(plugins.map((plugin) => [plugin.enricher.name, plugin]));
  for (const { enricher } of plugins) {
    for (const needed of enricher.after) {
      if (byName.has(needed)) continue;
      throw new ConfigError(
        `enricher '${enricher.name}' comes after '${needed}', which ${file} does not enable; add it there.${didYouMean(needed, [...byName.keys()])}`,
      );
    }
  }
  try {
    return dependencyOrder(plugins.map(({ enricher }) => enricher)).flatMap((name) => byName.get(name) ?? []);
  } catch (error) {
    throw new ConfigError(`the enrichers of ${file} cannot be put in order: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The enrichers that a plugins.yaml enables, each after those it depends on.
 * @throws ConfigError, in one line, for the first thing that will not do.
 */
export async function loadPlugins(file: string): Promise<Plugin[]> {
  const entries = Object.entries(await readPluginsFile(file));
  const plugins: Plugin[] = [];
  for (const [name, options] of entries) plugins.push(await loadPlugin(name, options, file));
  return inOrder(plugins, file);
}
