import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline as flow } from 'node:stream/promises';
import type { ServiceBroker } from 'moleculer';
import { takeIn } from '../../../mixins/intake.ts';
import { call } from '../../contracts/contract.ts';
import { ingest } from '../../contracts/ingest.ts';
import type { Destination } from './import.ts';
import { watchAssets } from './watch.ts';

async function sha256Of(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await flow(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

/** Through the backfill lane of this process's own services. Bytes that are known are not stored again. */
export async function toServices(broker: ServiceBroker): Promise<Destination> {
  const watch = await watchAssets(broker);
  return {
    async take(file, signal) {
      const known = await call(broker, ingest.known, { sha256: await sha256Of(file, signal) });
      if (known) return { id: known.id, created: false };
      const source = createReadStream(file, { highWaterMark: 1 << 20 });
      const { asset, created } = await takeIn(broker, source, { filename: basename(file), lane: 'backfill' }, { signal });
      return { id: asset.id, created };
    },
    settled: watch.settled,
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}
