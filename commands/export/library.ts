import type { Readable } from 'node:stream';
import type { ServiceBroker } from 'moleculer';
import { portsOf } from '../../config/ports.ts';
import type { Asset } from '../../services/contracts/asset.ts';
import { call } from '../../services/contracts/contract.ts';
import { media } from '../../services/contracts/media.ts';
import type { Client } from '../remote/client.ts';

/** Where assets come from: the services of this process, or a server elsewhere. */
export interface Library {
  /** Those that can be listed, a page at a time; one that changes meanwhile may come twice. */
  assets(): AsyncGenerator<Asset[]>;
  /** How many there are. */
  count(): Promise<number>;
  original(asset: Asset): Promise<Readable>;
}

export const ofServices = (broker: ServiceBroker): Library => ({
  async *assets() {
    for (let since: string | null = null; ;) {
      const page: { assets: Asset[]; mark: string | null; more: boolean } = await call(broker, media.changes, {
        since,
        limit: 200,
      });
      yield page.assets;
      if (!page.more) return;
      since = page.mark;
    }
  },
  count: async () => (await call(broker, media.planning, { plan: '' })).assets,
  original: ({ sha256 }) => portsOf(broker).blobs.read(`originals/${sha256}`),
});

export const ofServer = (client: Client, signal: AbortSignal): Library => ({
  assets: () => client.assets(signal),
  count: () => client.count(signal),
  original: ({ id }) => client.original(id, signal),
});
