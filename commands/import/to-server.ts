import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Destination } from '../../services/ingest/import/import.ts';
import type { Client } from '../remote/client.ts';

/** Assets whose state is asked for at once, and how long each rests between two questions, in ms. */
const asked = 4;
const restMs = 500;

/** Into a server that runs elsewhere, through its REST: it tells by the bytes what it has already. */
export function toServer(client: Client): Destination {
  const limit = pLimit(asked);
  return {
    async take(file, signal) {
      const { asset, created } = await client.upload(file, signal);
      return { id: asset.id, created };
    },
    async settled(id, signal) {
      while (!signal.aborted) {
        const asset = await limit(() => client.asset(id, signal));
        if (!asset) return undefined;
        if (asset.state !== 'processing') return asset.state;
        await delay(restMs, undefined, { signal }).catch(() => undefined);
      }
      return undefined;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
