import type { Enricher, EnricherHost, OutputFields } from '../plugins/sdk/index.ts';
import { dependencyOrder } from '../plugins/sdk/order.ts';
import { ConfigError } from './error.ts';
import { importEnricher, locate, shippedEnrichers } from './plugin-module.ts';
import { parseOptions } from './plugin-options.ts';
import { readPluginsFile } from './plugins-file.ts';
import { findProgram } from './programs.ts';
import { didYouMean } from './suggestion.ts';

/** An enabled enricher with its options in force, and the module it came from, for child processes to import. */
export interface Plugin {
  enricher: Enricher;
  /** Parsed by the enricher's own schema. */
  config: unknown;
  module: URL;
  /** What this node lacks to run it, in words for people. */
  missing?: string;
}

async function loadPlugin(name: string, written: Record<string, unknown>, file: string, host: EnricherHost): Promise<Plugin> {
  const { from, ...options } = written;
  const module = locate(name, from, file);
  const enricher = await importEnricher(name, module);
  if (enricher.name !== name) {
    throw new ConfigError(
      `${file} names an enricher '${name}', but ${module.pathname} calls itself '${enricher.name}'; use that name.`,
    );
  }
  refuseClashes(enricher.name, enricher.outputs);
  const config = await parseOptions(enricher, options, file);
  const missing = await enricher.missing?.(host, config);
  return { enricher, module, config, ...(missing !== undefined && { missing }) };
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

function inOrder(plugins: readonly Plugin[], enabled: readonly string[], file: string): Plugin[] {
  const elsewhere = new Set([...shippedEnrichers(), ...enabled]);
  const byName = new Map(plugins.map((plugin) => [plugin.enricher.name, plugin]));
  for (const { enricher } of plugins) {
    for (const needed of enricher.after) {
      // Those that come with Vitrail or that the file enables may run on other nodes, or nowhere: what they would give is absent then.
      if (byName.has(needed) || elsewhere.has(needed)) continue;
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
 * The enrichers that a plugins.yaml enables, each after those it depends on. `env` is what their child processes see of the
 * environment; programs are looked for on its `PATH`. `wanted`: those of them that this node runs, if not all.
 * @throws ConfigError, in one line, for the first thing that will not do.
 */
export async function loadPlugins(file: string, env: NodeJS.ProcessEnv = {}, wanted?: readonly string[]): Promise<Plugin[]> {
  const enabled = await readPluginsFile(file);
  for (const name of wanted ?? []) {
    if (Object.hasOwn(enabled, name)) continue;
    throw new ConfigError(
      `VITRAIL_PLUGINS names '${name}', which ${file} does not enable; add it there.${didYouMean(name, Object.keys(enabled))}`,
    );
  }
  const entries = Object.entries(enabled).filter(([name]) => wanted?.includes(name) ?? true);
  const plugins: Plugin[] = [];
  const host: EnricherHost = { program: (name) => findProgram(name, env.PATH ?? ''), env };
  for (const [name, options] of entries) plugins.push(await loadPlugin(name, options, file, host));
  return inOrder(plugins, Object.keys(enabled), file);
}
