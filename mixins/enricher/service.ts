import type { Context, ServiceSchema } from 'moleculer';
import type { Plugin } from '../../config/plugins.ts';
import type { RunPolicy } from '../../plugins/sdk/enricher.ts';
import { manifestOf } from '../../plugins/sdk/define.ts';
import { enricherServiceName, EnrichParams, type EnrichResult } from '../../services/contracts/enricher.ts';
import { VitrailError } from '../../services/contracts/errors.ts';
import { emit, events } from '../../services/contracts/event.ts';
import { parseParams } from '../implement.ts';
import { RunError } from './failure.ts';
import type { EnricherPool } from './pool.ts';

/** Runs that the bulkhead holds back count on those before them, and those wait for a slot: the worst case is one after another. */
const lastResortMs = ({ concurrency, queue, timeoutMs }: RunPolicy): number =>
  Math.min((concurrency + queue) * (timeoutMs + 1000) + 300_000, 2 ** 31 - 1);

/** A refused file says nothing about the enricher, nor does a full queue. */
const isFailure = (error: Error): boolean => 'code' in error && typeof error.code === 'number' && error.code >= 500;

/**
 * An enricher as a Moleculer service: `enricher.<name>.enrich` runs it in the pool of this node. Its manifest travels in the
 * service's metadata, where catalogs find it, and so does what the node lacks to run it, which then has no action; its run policy
 * sets bulkhead, circuit breaker and the timeout of last resort.
 * Errors: `enricher.<reason>`, `params.invalid`, and Moleculer's QueueIsFullError (429).
 */
export function enricherService(plugin: Plugin, pool: EnricherPool): ServiceSchema {
  const { enricher, config, module, missing } = plugin;
  const { concurrency, queue, timeoutMs } = enricher.run;
  const { name } = enricher;

  async function handler(ctx: Context): Promise<EnrichResult> {
    const { asset, fingerprint, inputs, still } = parseParams(EnrichParams, ctx.params);
    const onProgress = (share: number): void => {
      emit(ctx, events.enrichmentProgressed, { assetId: asset.id, enricher: name, share }).catch((error: unknown) => {
        ctx.broker.logger.warn('Progress could not be told', { enricher: name, assetId: asset.id, error });
      });
    };
    const job = { enricher: name, module: module.href, config, asset, fingerprint, inputs, still };
    try {
      return await pool.run(job, { timeoutMs, onProgress });
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      const { reason, message } = error;
      throw new VitrailError(reason === 'away' ? 'engine.away' : `enricher.${reason}`, message, { enricher: name });
    }
  }

  const enrich = {
    visibility: 'public' as const,
    bulkhead: { enabled: true, concurrency, maxQueueSize: queue },
    // Counts are cleared every `windowTime` only where the broker's own circuitBreaker is enabled as well.
    circuitBreaker: {
      enabled: true,
      threshold: 0.5,
      minRequestCount: 20,
      windowTime: 60,
      halfOpenTime: 5000,
      check: isFailure,
    },
    timeout: lastResortMs(enricher.run),
    handler,
  };
  return {
    name: enricherServiceName(name),
    metadata: { manifest: manifestOf(enricher, config), ...(missing !== undefined && { missing }) },
    actions: missing === undefined ? { enrich } : {},
  };
}
