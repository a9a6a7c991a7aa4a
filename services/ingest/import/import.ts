import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, relative } from 'node:path';
import { pipeline as flow } from 'node:stream/promises';
import type { ServiceBroker } from 'moleculer';
import pLimit from 'p-limit';
import { takeIn } from '../../../mixins/intake.ts';
import type { AssetState } from '../../contracts/asset.ts';
import { call } from '../../contracts/contract.ts';
import { isVitrailError } from '../../contracts/errors.ts';
import { ingest } from '../../contracts/ingest.ts';
import { watchAssets } from './watch.ts';

/** Files read at once: enough to keep a disk busy, few enough to leave the processors to the enrichers. */
const atOnce = 4;

export interface Refusal {
  file: string;
  reason: string;
}

/** How far an import is. A file is settled when its asset is, or when there will be none. */
export interface ImportProgress {
  files: number;
  settled: number;
  created: number;
  known: number;
  refused: Refusal[];
  /** Files that could not be stored, through no fault of theirs. */
  failed: Refusal[];
  /** Assets that settled with something quarantined or unavailable. */
  degraded: number;
}

export interface ImportOptions {
  signal: AbortSignal;
  onProgress(progress: Readonly<ImportProgress>): void;
}

async function sha256Of(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await flow(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

/** Why a file itself was not taken; undefined where the fault is not the file's: then it was not stored, and could be another time. */
function refusalOf(error: unknown): string | undefined {
  if (isVitrailError(error) && error.code < 500) return error.message;
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : '';
  if (code === 'EACCES' || code === 'EPERM') return 'The file may not be read; check its permissions.';
  return code === 'ENOENT' ? 'The file is gone.' : undefined;
}

function faultOf(error: unknown): string {
  if (isVitrailError(error)) return error.type;
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/**
 * Takes files in through the backfill lane and waits until the assets they became are settled. Bytes that are known are not
 * stored again. A file that is refused stops no other.
 */
export async function importFiles(
  broker: ServiceBroker,
  files: readonly string[],
  { signal, onProgress }: ImportOptions,
): Promise<ImportProgress> {
  const progress: ImportProgress = {
    files: files.length,
    settled: 0,
    created: 0,
    known: 0,
    refused: [],
    failed: [],
    degraded: 0,
  };
  const settle = (state?: AssetState) => {
    progress.settled += 1;
    if (state === 'degraded') progress.degraded += 1;
    onProgress(progress);
  };
  const fail = (file: string, error: unknown) => {
    progress.failed.push({
      file: relative(process.cwd(), file),
      reason: `It could not be stored (${faultOf(error)}); import it again.`,
    });
    settle();
  };
  await using watch = await watchAssets(broker);
  const waits: Promise<void>[] = [];

  async function importFile(file: string): Promise<void> {
    if (signal.aborted) return;
    try {
      const known = await call(broker, ingest.known, { sha256: await sha256Of(file, signal) });
      const accepted = known
        ? { asset: known, created: false }
        : await takeIn(
            broker,
            createReadStream(file, { highWaterMark: 1 << 20 }),
            { filename: basename(file), lane: 'backfill' },
            { signal },
          );
      progress[accepted.created ? 'created' : 'known'] += 1;
      waits.push(
        watch.settled(accepted.asset.id, signal).then((state) => {
          if (!signal.aborted) settle(state);
        }),
      );
    } catch (error) {
      if (signal.aborted) return;
      const reason = refusalOf(error);
      if (reason === undefined) {
        fail(file, error);
        return;
      }
      progress.refused.push({ file: relative(process.cwd(), file), reason });
      settle();
    }
  }

  onProgress(progress);
  const limit = pLimit(atOnce);
  await Promise.all(files.map((file) => limit(() => importFile(file))));
  await Promise.all(waits);
  return progress;
}
