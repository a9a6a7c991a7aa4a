import { z } from 'zod';
import { importEnricher } from '../../config/plugin-module.ts';
import { BlobError, type BlobStore } from '../../drivers/blobs/port.ts';
import { checkOutputs } from '../../plugins/sdk/define.ts';
import type { EnrichContext, Enricher } from '../../plugins/sdk/enricher.ts';
import { PermanentError, TransientError } from '../../plugins/sdk/errors.ts';
import { BlobRef } from '../../plugins/sdk/fields.ts';
import { inShort, RunError } from './failure.ts';
import type { HotStills } from './hot-stills.ts';
import type { Answer, Job, Told } from './job.ts';

export interface Host {
  blobs: BlobStore;
  stills: HotStills;
  tell(told: Told): void;
  /** The folder of an enricher's own, made where it is not there yet. */
  cache(enricher: string): Promise<string>;
}

/** Progress is for eyes: this many ms apart at least. */
const progressEveryMs = 250;

/** Whether the store of bytes is away at the bottom of it, whatever was made of that on the way. */
const isStoreAway = (error: unknown): boolean =>
  error instanceof Error && ((error instanceof BlobError && error.code === 'blob.unavailable') || isStoreAway(error.cause));

/** By name, as a plugin may bring its own copy of the sdk. */
function classified(error: unknown): RunError {
  if (error instanceof RunError) return error;
  if (isStoreAway(error)) return new RunError('away', 'The store of bytes does not answer');
  const name = error instanceof Error ? error.name : '';
  const reason = name === 'PermanentError' ? 'refused' : name === 'TransientError' ? 'transient' : 'failed';
  return new RunError(reason, inShort(error));
}

function progressTeller(tell: Host['tell']): (share: number) => void {
  let told = -Infinity;
  return (share) => {
    const now = performance.now();
    if (!Number.isFinite(share) || now - told < progressEveryMs) return;
    told = now;
    tell({ progress: Math.min(1, Math.max(0, share)) });
  };
}

/** What `enrich` is given for one run; `stored` learns the keys of the files it puts. */
function contextOf(job: Job, host: Host, hot: Awaited<ReturnType<HotStills['of']>>, signal: AbortSignal, stored: Set<string>) {
  const folder = `derived/${job.asset.sha256}/${job.enricher}/${job.fingerprint}`;
  const tellProgress = progressTeller(host.tell);
  const context: EnrichContext<unknown> = {
    still: hot.still,
    config: job.config,
    signal,
    inputs: job.inputs,
    async put(name, data, { type, ...size }) {
      signal.throwIfAborted();
      const ref = BlobRef.parse({ name, key: `${folder}/${name}`, type, bytes: data.byteLength, ...size });
      await host.blobs.put(ref.key, data, { signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new TransientError('A derived file could not be stored', { cause: error });
      });
      stored.add(ref.key);
      return ref;
    },
    original: () => Promise.resolve(hot.path),
    progress: (share) => {
      if (!signal.aborted) tellProgress(share);
    },
  };
  return context;
}

/** The outputs, if they are what the manifest promises and name only files that this run stored. */
function checked(enricher: Enricher, given: unknown, stored: ReadonlySet<string>): Record<string, unknown> {
  const { success, data, error } = checkOutputs(enricher, given);
  if (!success) throw new RunError('output-invalid', inShort(z.prettifyError(error)));
  for (const [name, field] of Object.entries(enricher.outputs)) {
    if (field.kind !== 'blob' && field.kind !== 'blobs') continue;
    const refs = z.array(BlobRef).parse([data[name] ?? []].flat());
    const foreign = refs.find(({ key }) => !stored.has(key));
    if (foreign) throw new RunError('output-invalid', `${name} names a file '${foreign.name}' that this run did not put`);
  }
  return data;
}

/** What a child process does with a job. Plugins are loaded and set up once; one run at a time. */
export function makeRunner(host: Host): (job: Job, abort: AbortSignal) => Promise<Answer> {
  const loaded = new Map<string, Enricher>();

  async function load(job: Job): Promise<Enricher> {
    const known = loaded.get(job.module);
    if (known) return known;
    host.tell({ phase: 'setup' });
    try {
      const enricher = await importEnricher(job.enricher, new URL(job.module));
      await enricher.setup?.(job.config, { cache: await host.cache(enricher.name) });
      loaded.set(job.module, enricher);
      return enricher;
    } catch (error) {
      const { reason, message } = classified(error);
      // Whatever a plugin cannot be set up for, it is not the file's fault.
      throw new RunError(reason === 'transient' ? reason : 'failed', `It could not be set up: ${message}`);
    }
  }

  async function run(job: Job, signal: AbortSignal): Promise<Record<string, unknown>> {
    const enricher = await load(job);
    host.tell({ phase: 'run' });
    const stored = new Set<string>();
    const hot = await host.stills.of(job.asset, job.still);
    return checked(enricher, await enricher.enrich(job.asset, contextOf(job, host, hot, signal, stored)), stored);
  }

  return async (job, abort) => {
    const over = new AbortController();
    const started = performance.now();
    const measured = () => ({ durationMs: performance.now() - started, rss: process.memoryUsage.rss() });
    try {
      const outputs = await run(job, AbortSignal.any([abort, over.signal]));
      return { outputs, ...measured() };
    } catch (error) {
      const { reason, message } = classified(error);
      return { failure: { reason, message }, ...measured() };
    } finally {
      // What a plugin left running ends here, and can store nothing any more.
      over.abort(new PermanentError('The run is over'));
    }
  };
}
