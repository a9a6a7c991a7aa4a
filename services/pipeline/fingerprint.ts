import { createHash } from 'node:crypto';
import { accepts } from '../../plugins/sdk/define.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import { dependencyOrder } from '../../plugins/sdk/order.ts';

/** Keys in order at every depth, so that equal options give equal text. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
};

const hash = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(canonical(value)))
    .digest('hex')
    .slice(0, 32);

/**
 * The fingerprint of every enricher that accepts the asset, dependencies first: a hash of the input's sha256, the enricher's
 * name, result version and options, and the fingerprints of the enrichments it depends on. The same fingerprint means that
 * there is nothing to do.
 */
export function fingerprints(asset: { sha256: string; type: string }, manifests: readonly Manifest[]): Map<string, string> {
  const byName = new Map(manifests.map((manifest) => [manifest.name, manifest]));
  const prints = new Map<string, string>();
  for (const name of dependencyOrder(manifests)) {
    const manifest = byName.get(name);
    if (!manifest || !accepts(manifest.accepts, asset.type)) continue;
    const { resultVersion, config, after } = manifest;
    // What does not work on this asset cannot change its results.
    const dependencies = after.flatMap((other) => prints.get(other) ?? []);
    prints.set(name, hash({ sha256: asset.sha256, name, resultVersion, config, dependencies }));
  }
  return prints;
}
