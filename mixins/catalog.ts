import { createHash } from 'node:crypto';
import type { ServiceBroker } from 'moleculer';
import { z } from 'zod';
import { Manifest } from '../plugins/sdk/manifest.ts';
import { enricherServiceName } from '../services/contracts/enricher.ts';

/** The enrichers of the whole mesh, as this node knows them. */
export interface Catalog {
  /** One for each name, in the order of names; those whose nodes have gone are kept. */
  manifests(): Manifest[];
  get(name: string): Manifest | undefined;
  /** Same hash, same manifests. */
  hash(): string;
  /** Whether a node is there that runs it. */
  available(name: string): boolean;
  /** What the nodes that know it lack to run it, in words, where none of them can. */
  missing(name: string): string | undefined;
  /** Calls back when manifests or their availability have changed; gives a function that ends it. */
  onChange(listener: () => void): () => void;
}

interface Known {
  manifest: Manifest;
  available: boolean;
  missing?: string;
}

/** 1.10.0 comes after 1.9.0; what follows the three numbers is compared as text. */
const byVersion = new Intl.Collator('en', { numeric: true }).compare;
const newer = (a: Manifest, b: Manifest): boolean =>
  a.resultVersion !== b.resultVersion ? a.resultVersion > b.resultVersion : byVersion(a.version, b.version) > 0;

const Missing = z.string().optional().catch(undefined);

/** What the registry knows now. During a roll-out the newest of several wins, whichever node it is on. */
function present(broker: ServiceBroker): Map<string, Known> {
  const found = new Map<string, Known>();
  for (const service of broker.registry.getServiceList({ onlyAvailable: true, skipInternal: true })) {
    const { success, data } = Manifest.safeParse(service.metadata?.manifest);
    if (!success || service.name !== enricherServiceName(data.name)) continue;
    const other = found.get(data.name);
    const missing = Missing.parse(service.metadata?.missing);
    const manifest = !other || newer(data, other.manifest) ? data : other.manifest;
    const available = missing === undefined || (other?.available ?? false);
    found.set(data.name, { manifest, available, ...(!available && missing !== undefined && { missing }) });
  }
  return found;
}

function open(broker: ServiceBroker): Catalog {
  let known = new Map<string, Known>();
  let fingerprint = '';
  let hash = '';
  const listeners = new Set<() => void>();

  function refresh(): void {
    const now = present(broker);
    const gone = [...known.values()].filter(({ manifest }) => !now.has(manifest.name));
    const all: Known[] = [...now.values(), ...gone.map(({ manifest }) => ({ manifest, available: false }))];
    all.sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));
    known = new Map(all.map((entry) => [entry.manifest.name, entry]));
    const before = fingerprint;
    fingerprint = JSON.stringify(all);
    hash = createHash('sha256')
      .update(JSON.stringify(all.map(({ manifest }) => manifest)))
      .digest('hex');
    if (fingerprint !== before) for (const listener of [...listeners]) listener();
  }

  refresh();
  broker.localBus.on('$services.changed', refresh);

  return {
    manifests: () => [...known.values()].map(({ manifest }) => manifest),
    get: (name) => known.get(name)?.manifest,
    hash: () => hash,
    available: (name) => known.get(name)?.available ?? false,
    missing: (name) => known.get(name)?.missing,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const catalogs = new WeakMap<ServiceBroker, Catalog>();

/** The catalog of a broker, fed from the metadata in its registry; one for all who ask. */
export function catalogOf(broker: ServiceBroker): Catalog {
  const existing = catalogs.get(broker);
  if (existing) return existing;
  const catalog = open(broker);
  catalogs.set(broker, catalog);
  return catalog;
}
