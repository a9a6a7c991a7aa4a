import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceBroker } from 'moleculer';
import type { AssetState } from '../../contracts/asset.ts';
import { call } from '../../contracts/contract.ts';
import { events } from '../../contracts/event.ts';
import { media } from '../../contracts/media.ts';

/** An event may be lost where a link breaks: so often, in ms, and for so many at once, those that wait longest are looked at. */
const everyMs = 10_000;
const mostAtOnce = 500;

/** Waits for assets to settle, told by events, and by a look from time to time. */
export interface Watch extends AsyncDisposable {
  /** Resolves with the settled state; undefined where the asset was deleted or `signal` ended the wait. */
  settled(id: string, signal: AbortSignal): Promise<AssetState | undefined>;
}

export async function watchAssets(broker: ServiceBroker, { lookEveryMs = everyMs } = {}): Promise<Watch> {
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

  /** Where nobody answers, the next look or an event tells. */
  async function look(ids: string[]): Promise<void> {
    try {
      const found = await call(broker, media.many, { ids });
      const states = new Map(found.map(({ id, state }) => [id, state]));
      for (const id of ids) tell(id, states.get(id));
    } catch (error) {
      broker.logger.warn('An import could not look at the assets it waits for', error);
    }
  }

  const over = new AbortController();
  async function lookNowAndThen(): Promise<void> {
    for (;;) {
      await delay(lookEveryMs, undefined, { signal: over.signal, ref: false });
      const ids = [...waiting.keys()].slice(0, mostAtOnce);
      for (const id of ids) {
        const waits = waiting.get(id)!;
        waiting.delete(id);
        waiting.set(id, waits);
      }
      if (ids.length > 0) await look(ids);
    }
  }
  lookNowAndThen().catch(() => undefined);

  return {
    settled(id, signal) {
      const { promise, resolve } = Promise.withResolvers<AssetState | undefined>();
      const waits = waiting.get(id) ?? new Set();
      waiting.set(id, waits.add(resolve));
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      // It may have settled before anyone listened.
      void look([id]);
      return promise;
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await broker.destroyService(service);
    },
  };
}
