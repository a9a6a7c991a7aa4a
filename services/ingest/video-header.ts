import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import { VitrailError } from '../contracts/errors.ts';

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
/** What a thread may hold for it, in MB. */
const memoryMb = 256;

const limit = pLimit(availableParallelism());

/** Whether it is the file that asks too much of a reader, rather than this machine that has nothing to spare. */
const isTooMuch = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'));

async function read(path: string): Promise<VideoHeader | null> {
  const worker = new Worker(new URL('./video-header-worker.ts', import.meta.url), {
    workerData: path,
    // It needs none of it, and none of its secrets.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  try {
    const [header] = (await once(worker, 'message', { signal: AbortSignal.timeout(patienceMs) })) as [VideoHeader | null];
    return header;
  } catch (error) {
    if (isTooMuch(error)) return null;
    throw new VitrailError('server.busy', 'The video could not be looked at now; send it again in a moment.');
  } finally {
    await worker.terminate();
  }
}

/**
 * Reads dimensions and duration of a video without decoding it, in a thread of its own that ends with it: a header may be long
 * or hostile, and the event loop is for those who wait. A thread for each processor at once. Null where there is no video in it that
 * can be read, or where that asks too much.
 * @throws server.busy where this machine could not do it now
 */
export const videoHeader = (path: string): Promise<VideoHeader | null> => limit(read, path);
