import type { ServiceBroker } from 'moleculer';
import type { AssetState } from '../../contracts/asset.ts';
import { call } from '../../contracts/contract.ts';
import { events } from '../../contracts/event.ts';
import { isVitrailError } from '../../contracts/errors.ts';
import { media } from '../../contracts/media.ts';

/** Waits for assets to settle, told by events rather than by asking again and again. */
export interface Watch extends AsyncDisposable {
  /** Resolves with the settled state; undefined where the asset was deleted or `signal` ended the wait. */
  settled(id: string, signal: AbortSignal): Promise<AssetState | undefined>;
}

export async function watchAssets(broker: ServiceBroker): Promise<Watch> {
  const waiting = new Map<string, Set<(state: AssetState | undefined) => void>>();
  const tell = (id: string, state: AssetState | undefined) => {
    if (state === 'processing') return;
    for (const resolve of waiting.get(id) ?? []) resolve(state);
    waiting.delete(id);
  };
  // Every import hears every event: a group is where only one of several listeners is told.
  const group = `import:${broker.nodeID}`;
  const service = broker.createService({
    name: 'import',
    events: {
      [events.assetChanged.name]: {
        group,
        handler: (ctx: { params: { id: string; state: AssetState } }) => tell(ctx.params.id, ctx.params.state),
      },
      [events.assetDeleted.name]: { group, handler: (ctx: { params: { id: string } }) => tell(ctx.params.id, undefined) },
    },
  });
  await broker.waitForServices(service.name, 10_000, 20);

  return {
    settled(id, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<AssetState | undefined>();
      const waits = waiting.get(id) ?? new Set();
      waiting.set(id, waits.add(resolve));
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      // It may have settled before anyone listened.
      call(broker, media.get, { id }).then(
        ({ state }) => tell(id, state),
        (error: unknown) => (isVitrailError(error, 'asset.not-found') ? tell(id, undefined) : reject(error as Error)),
      );
      return promise;
    },
    async [Symbol.asyncDispose]() {
      await broker.destroyService(service);
    },
  };
}
