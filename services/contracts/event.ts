import { z } from 'zod';
import { AssetState, Origin } from './asset.ts';
import { Failure } from './enrichment.ts';

export interface Event<P extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly payload: P;
}
const event = <P extends z.ZodType>(name: string, payload: P): Event<P> => Object.freeze({ name, payload });

/** Of an asset, with what it came first; `session` and `client` are rooms that clients listen in. */
const asset = <S extends z.ZodRawShape>(more: S) => z.object({ id: z.string(), rev: z.int(), ...more, ...Origin.shape });
const enrichment = <S extends z.ZodRawShape>(more: S) =>
  z.object({ assetId: z.string(), enricher: z.string(), ...more, ...Origin.shape });

/** What services tell whoever listens; each name carries its version. Payloads name things, they do not carry them. */
export const events = {
  assetCreated: event('asset.created.v1', asset({})),
  assetChanged: event('asset.changed.v1', asset({ state: AssetState })),
  assetDeleted: event('asset.deleted.v1', asset({})),
  /** Names whose rows are to be read again. None named: all, after a change too large to name them (tagLimits.atOnce). */
  tagsChanged: event('tags.changed.v1', z.object({ names: z.array(z.string()) })),
  enrichmentStarted: event('enrichment.started.v1', enrichment({ attempt: z.int() })),
  enrichmentProgressed: event('enrichment.progressed.v1', enrichment({ share: z.number().min(0).max(1) })),
  enrichmentDone: event('enrichment.done.v1', enrichment({ durationMs: z.number() })),
  enrichmentFailed: event('enrichment.failed.v1', enrichment({ attempt: z.int(), quarantined: z.boolean(), error: Failure })),
} as const;

/** What nodes tell each other alone: clients of the API are not told, and need not know. */
export const meshEvents = {
  /** What the mesh has in force of enrichers may have changed: pipeline.manifests says what it is. */
  manifestsChanged: event('manifests.changed.v1', z.object({})),
  /** A lane was paused or goes on: every node of the pipeline reads again which. */
  lanesChanged: event('lanes.changed.v1', z.object({})),
} as const;

interface Emitter {
  emit<D>(name: string, payload: D): Promise<unknown>;
}
interface Broadcaster {
  broadcast<D>(name: string, payload: D): Promise<unknown>;
}

/** Emits to one instance of every listening service. */
export async function emit<P extends z.ZodType>(from: Emitter, what: Event<P>, payload: z.input<P>): Promise<void> {
  await from.emit(what.name, payload);
}

/** Tells every instance of every listening service: for what each node has to know by itself. */
export async function tellAll<P extends z.ZodType>(from: Broadcaster, what: Event<P>, payload: z.input<P>): Promise<void> {
  await from.broadcast(what.name, payload);
}
