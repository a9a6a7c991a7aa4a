import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What a video's header tells. */
export interface VideoHeader {
  /** Pixels, upright and square. */
  width: number;
  height: number;
  /** By the header's word, which may be wrong; absent where it has none. */
  durationMs?: number;
}

/** A header is read in some ten ms; one that keeps a thread busy for so long is built to. */
const patienceMs = 20_000;

/**
 * Reads dimensions and duration of a video without decoding it, in a thread of its own that ends with it: a header may be long
 * or hostile, and the event loop is for those who wait. Null where there is no video in it.
 * @throws Error where it takes too long or cannot be parsed.
 */
export async function videoHeader(path: string): Promise<VideoHeader | null> {
  const worker = new Worker(new URL('./video-header-worker.ts', import.meta.url), {
    workerData: path,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  try {
    const [header] = (await once(worker, 'message', { signal: AbortSignal.timeout(patienceMs) })) as [VideoHeader | null];
    return header;
  } finally {
    await worker.terminate();
  }
}
