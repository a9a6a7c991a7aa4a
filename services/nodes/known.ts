import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Manifest } from '../../plugins/sdk/manifest.ts';
import { enricherServiceName } from '../contracts/enricher.ts';
import type { MeshNode } from '../contracts/nodes.ts';

/** What a node tells of itself in its metadata (moleculer.config.ts). */
const Told = z.object({
  role: z.string().catch('unknown'),
  version: z.string().catch('unknown'),
  startedAt: z.int().min(0).max(8.64e15).catch(0),
  slots: z.int().min(0).catch(0),
});

const Registered = z.object({
  id: z.string(),
  available: z.boolean(),
  cpu: z.number().min(0).max(100).nullish().catch(null),
  metadata: Told.catch(() => Told.parse({})),
  services: z
    .array(z.object({ name: z.string(), metadata: z.object({ manifest: z.unknown() }).catch({ manifest: undefined }) }))
    .catch([]),
});

/** What the answering node holds of the mesh: its own version, and the manifest in force of each enricher. */
export interface Standard {
  version: string;
  manifest(enricher: string): Manifest | undefined;
}

const versionOf = ({ version, resultVersion }: Manifest): string => `version ${version}, result version ${resultVersion}`;

/** In what an enricher on a node is not the one in force. */
function difference(theirs: Manifest, inForce: Manifest | undefined): string[] {
  if (!inForce || isDeepStrictEqual(theirs, inForce)) return [];
  const what =
    versionOf(theirs) === versionOf(inForce)
      ? 'other options or outputs than those in force'
      : `${versionOf(theirs)}, where ${versionOf(inForce)} is in force`;
  return [`${theirs.name}: ${what}; it is given no work of it`];
}

/** A node of Moleculer's registry as people are shown it. */
export function toMeshNode(registered: unknown, standard: Standard): MeshNode {
  const { id, available, cpu, metadata, services } = Registered.parse(registered);
  const { role, version, startedAt, slots } = metadata;
  const manifests = services.flatMap(({ name, metadata: { manifest } }) => {
    const { success, data } = Manifest.safeParse(manifest);
    return success && name === enricherServiceName(data.name) ? [data] : [];
  });
  const notes = [
    ...(version === standard.version ? [] : [`Vitrail ${version}, where ${standard.version} answers`]),
    ...manifests.flatMap((manifest) => difference(manifest, standard.manifest(manifest.name))),
  ];
  const since = new Date(startedAt).toISOString();
  const names = services.map(({ name }) => name).filter((name) => !name.startsWith('$'));
  return { id, role, version, services: names.sort(), load: cpu ?? null, slots, since, available, notes };
}
