import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { accepts, type Manifest } from '../../plugins/sdk/index.ts';
import type { Asset } from '../../services/contracts/asset.ts';
import type { Enrichment } from '../../services/contracts/enrichment.ts';
import type { MeshNode } from '../../services/contracts/nodes.ts';

/** What is asked of a mesh through one of its edges, by HTTP as anybody would. */
export interface Edge {
  nodes(): Promise<MeshNode[]>;
  /** The enrichers that some node runs. */
  enrichers(): Promise<Manifest[]>;
  /** Takes a file in; null where it is neither picture nor video. @throws Error where it is refused for another reason */
  upload(file: string): Promise<Asset | null>;
  asset(id: string): Promise<Asset>;
  enrichments(id: string): Promise<Enrichment[]>;
  /** Assets that search finds in a state. */
  count(state: Asset['state']): Promise<number>;
  /** Of the original as it is served. */
  sha256(id: string): Promise<string>;
}

export function edgeAt(base: string): Edge {
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(base + path);
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
    return (await response.json()) as T;
  };
  const items = async <T>(path: string): Promise<T[]> => (await get<{ items: T[] }>(path)).items;
  return {
    nodes: () => items('/api/nodes'),
    async enrichers() {
      return (await items<Manifest & { available: boolean }>('/api/enrichers')).filter(({ available }) => available);
    },
    async upload(file) {
      const form = new FormData();
      form.set('file', await openAsBlob(file), basename(file));
      const response = await fetch(`${base}/api/assets`, { method: 'POST', body: form });
      if (response.status === 415) return null;
      if (!response.ok) throw new Error(`${basename(file)} was answered with ${response.status}`);
      return (await response.json()) as Asset;
    },
    asset: (id) => get(`/api/assets/${id}`),
    enrichments: (id) => items(`/api/assets/${id}/enrichments`),
    count: async (state) => (await get<{ total: number }>(`/api/search?state=${state}&limit=1&facets=none`)).total,
    async sha256(id) {
      const response = await fetch(`${base}/media/${id}`);
      return createHash('sha256')
        .update(new Uint8Array(await response.arrayBuffer()))
        .digest('hex');
    },
  };
}

/** The names of the enrichers that look at an asset. */
export const enrichersFor = ({ type }: Pick<Asset, 'type'>, manifests: readonly Manifest[]): string[] =>
  manifests.filter((manifest) => accepts(manifest.accepts, type)).map(({ name }) => name);

/** Asks until there is an answer. @throws Error that says what did not come */
export async function until<T>(what: string, ask: () => Promise<T | false>, seconds = 600): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== false) return answer;
    if (Date.now() > end) throw new Error(`it did not come in ${seconds} s: ${what}`);
    await setTimeout(250);
  }
}

/** Every node of the mesh is known to the edge, and so are the enrichers of its workers. */
export const allThere = (edge: Edge, ids: readonly string[]): Promise<MeshNode[]> =>
  until(`${ids.join(', ')} in GET /api/nodes`, async () => {
    const known = (await edge.nodes()).filter(({ id, available }) => available && ids.includes(id));
    const ready = known.every(({ role, services }) => role !== 'worker' || services.some((name) => name.startsWith('enricher.')));
    return known.length === ids.length && ready && known;
  });
