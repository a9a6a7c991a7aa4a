import { relative } from 'node:path';
import pLimit from 'p-limit';
import type { AssetState } from '../../contracts/asset.ts';
import { type ErrorCode, errorTable, isVitrailError } from '../../contracts/errors.ts';

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
  /** Files that could not be stored or followed, through no fault of theirs. */
  failed: Refusal[];
  /** Assets that settled with something quarantined or unavailable. */
  degraded: number;
}

/** Where files go: the services of this process's broker, or a server elsewhere. */
export interface Destination extends AsyncDisposable {
  /** Takes a file in, or finds the asset that has its bytes. @throws what the file is refused with, as a VitrailError of a code without retry */
  take(file: string, signal: AbortSignal): Promise<{ id: string; created: boolean }>;
  /** Resolves with the settled state; undefined where the asset was deleted or `signal` ended the wait. */
  settled(id: string, signal: AbortSignal): Promise<AssetState | undefined>;
}

export interface ImportOptions {
  signal: AbortSignal;
  onProgress(progress: Readonly<ImportProgress>): void;
}

/** Why a file itself was not taken; undefined where the fault is not the file's: then it was not stored, and could be another time. */
function refusalOf(error: unknown): string | undefined {
  if (isVitrailError(error)) return errorTable[error.type as ErrorCode].retry ? undefined : error.message;
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : '';
  if (code === 'EACCES' || code === 'EPERM') return 'The file may not be read; check its permissions.';
  return code === 'ENOENT' ? 'The file is gone.' : undefined;
}

function faultOf(error: unknown): string {
  if (isVitrailError(error)) return error.type;
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}

/**
 * Takes files in and waits until the assets they became are settled. A file that is refused stops no other.
 */
export async function importFiles(
  to: Destination,
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
  const waits: Promise<void>[] = [];

  async function importFile(file: string): Promise<void> {
    if (signal.aborted) return;
    try {
      const { id, created } = await to.take(file, signal);
      progress[created ? 'created' : 'known'] += 1;
      waits.push(
        to.settled(id, signal).then(
          (state) => {
            if (!signal.aborted) settle(state);
          },
          (error: unknown) => fail(file, error),
        ),
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
