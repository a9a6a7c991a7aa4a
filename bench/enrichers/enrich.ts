import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadPlugins, type Plugin } from '../../config/plugins.ts';
import { accepts } from '../../plugins/sdk/define.ts';
import type { EnricherAsset, Still } from '../../plugins/sdk/enricher.ts';
import { root } from '../app.ts';

/** The enrichers of config/plugins.yaml that take this type, each after those it reads, with their options. */
export const pluginsFor = async (type: string): Promise<Plugin[]> =>
  (await loadPlugins(join(root, 'config', 'plugins.yaml'))).filter(({ enricher }) => accepts(enricher.accepts, type));

/** A file as an asset. */
export async function assetOf(
  file: string,
  { type, width, height }: Pick<EnricherAsset, 'type' | 'width' | 'height'>,
): Promise<EnricherAsset> {
  const bytes = await readFile(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id: sha256.slice(0, 26), sha256, filename: basename(file), type, bytes: bytes.length, width, height };
}

export interface Source {
  asset: EnricherAsset;
  path: string;
  still: Still;
}

/** One run in this process, as a child process would do it; derived files are counted and let go. */
export async function enrichHere(
  { enricher, config }: Plugin,
  { asset, path, still }: Source,
  inputs: Record<string, Record<string, unknown>> = {},
): Promise<Record<string, unknown>> {
  return enricher.enrich(asset, {
    still,
    config,
    inputs,
    signal: new AbortController().signal,
    put: async (name, data, options) => ({ name, key: name, bytes: data.byteLength, ...options }),
    original: async () => path,
    progress: () => undefined,
  });
}
