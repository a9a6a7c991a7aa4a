import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
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
  /** The nodes that run it as its manifest says: one of another version or with other options would give other results. */
  hosts(name: string): readonly string[];
  /** What the nodes that know it lack to run it, in words, where none of them can. */
  missing(name: string): string | undefined;
  /**
   * What the mesh has had in force before this node came, its whole memory of that. A version that has been in force stays so while
   * only nodes of an older one are there: their results would take the place of better ones.
   */
  remember(manifests: readonly Manifest[]): void;
  /** Calls back when manifests or their availability have changed; gives a function that ends it. */
  onChange(listener: () => void): () => void;
}

interface Known {
  manifest: Manifest;
  hosts: readonly string[];
  missing?: string;
}

/** An enricher as one node has it. */
interface Hosted {
  nodeID: string;
  manifest: Manifest;
  missing: string | undefined;
}

/** 1.10.0 comes after 1.9.0; what follows the three numbers is compared as text. */
const byVersion = new Intl.Collator('en', { numeric: true }).compare;
const compare = (a: Manifest, b: Manifest): number => a.resultVersion - b.resultVersion || byVersion(a.version, b.version);

const Missing = z.string().optional().catch(undefined);

/** What the registry knows now, by name. */
function present({ registry }: ServiceBroker): Map<string, Hosted[]> {
  const found = new Map<string, Hosted[]>();
  for (const service of registry.getServiceList({ onlyAvailable: true, skipInternal: true })) {
    const { success, data } = Manifest.safeParse(service.metadata?.manifest);
    if (!success || service.name !== enricherServiceName(data.name)) continue;
    const hosted = { nodeID: service.nodeID ?? '', manifest: data, missing: Missing.parse(service.metadata?.missing) };
    found.set(data.name, [...(found.get(data.name) ?? []), hosted]);
  }
  return found;
}

/**
 * Of several manifests of an enricher the newest is in force, whichever node it is on. Of equally new ones (other options) it is the
 * one that was so before, as long as a node has it: during a change of options results do not go back and forth.
 */
function inForce(hosted: readonly Hosted[], before: Manifest | undefined): Manifest | undefined {
  const newest = hosted
    .map(({ manifest }) => manifest)
    .reduce<Manifest | undefined>((best, manifest) => {
      const order = best ? compare(manifest, best) || (JSON.stringify(manifest) < JSON.stringify(best) ? 1 : -1) : 1;
      return order > 0 ? manifest : best;
    }, undefined);
  if (!newest || !before) return newest ?? before;
  const order = compare(before, newest);
  const held = order > 0 || (order === 0 && hosted.some(({ manifest }) => isDeepStrictEqual(manifest, before)));
  return held ? before : newest;
}

function known(manifest: Manifest, hosted: readonly Hosted[]): Known {
  const same = hosted.filter((host) => isDeepStrictEqual(host.manifest, manifest));
  const hosts = same.filter(({ missing }) => missing === undefined).map(({ nodeID }) => nodeID);
  if (hosts.length > 0) return { manifest, hosts };
  const other = hosted.find((host) => !same.includes(host));
  const missing =
    same.map((host) => host.missing).find((lack) => lack !== undefined) ??
    (other &&
      `Version ${manifest.version} of '${manifest.name}' is in force, and its nodes have version ${other.manifest.version}.`);
  return { manifest, hosts, ...(missing !== undefined && { missing }) };
}

function open(broker: ServiceBroker): Catalog {
  let all = new Map<string, Known>();
  let remembered: readonly Manifest[] = [];
  let fingerprint = '';
  let hash = '';
  const listeners = new Set<() => void>();

  /** A process that is alone is all there is: what it is told to run is in force, be it older than before. */
  const beforeOf = (name: string): Manifest | undefined =>
    newestOf([all.get(name)?.manifest, remembered.find((manifest) => manifest.name === name)]);

  function refresh(): void {
    const now = present(broker);
    const names = new Set([...now.keys(), ...all.keys(), ...remembered.map(({ name }) => name)]);
    const entries = [...names].sort().flatMap((name) => {
      const hosted = now.get(name) ?? [];
      const manifest = inForce(hosted, broker.transit || hosted.length === 0 ? beforeOf(name) : undefined);
      return manifest ? [[name, known(manifest, hosted)] as const] : [];
    });
    all = new Map(entries);
    const before = fingerprint;
    fingerprint = JSON.stringify(entries.map(([, { manifest, hosts, missing }]) => [manifest, hosts.length > 0, missing]));
    hash = createHash('sha256')
      .update(JSON.stringify(entries.map(([, { manifest }]) => manifest)))
      .digest('hex');
    if (fingerprint !== before) for (const listener of [...listeners]) listener();
  }

  refresh();
  broker.localBus.on('$services.changed', refresh);

  return {
    manifests: () => [...all.values()].map(({ manifest }) => manifest),
    get: (name) => all.get(name)?.manifest,
    hash: () => hash,
    available: (name) => (all.get(name)?.hosts.length ?? 0) > 0,
    hosts: (name) => all.get(name)?.hosts ?? [],
    missing: (name) => all.get(name)?.missing,
    remember(manifests) {
      const kept = new Set(manifests.map(({ name }) => name));
      // What was remembered, is so no more and is on no node has been forgotten on purpose.
      for (const { name } of remembered) if (!kept.has(name) && all.get(name)?.hosts.length === 0) all.delete(name);
      remembered = manifests;
      refresh();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const newestOf = (manifests: readonly (Manifest | undefined)[]): Manifest | undefined =>
  manifests.reduce((best, manifest) => (!best || (manifest && compare(manifest, best) > 0) ? manifest : best), undefined);

const catalogs = new WeakMap<ServiceBroker, Catalog>();

/** The catalog of a broker, fed from the metadata in its registry; one for all who ask. */
export function catalogOf(broker: ServiceBroker): Catalog {
  const existing = catalogs.get(broker);
  if (existing) return existing;
  const catalog = open(broker);
  catalogs.set(broker, catalog);
  return catalog;
}
