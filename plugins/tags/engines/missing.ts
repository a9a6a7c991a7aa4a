import { execFile, type ExecFileException } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Choice } from './choices.ts';

const entry = fileURLToPath(new URL('./probe.ts', import.meta.url));
const PATIENCE_MS = 20_000;

/** What the probe did not say itself: it was too slow, or a native part ended its process, on a processor it was not made for. */
function died({ killed, signal }: ExecFileException): string {
  const why = killed === true ? `takes longer than ${PATIENCE_MS / 1000} s` : `ends the process${signal ? ` (${signal})` : ''}`;
  return `Nothing here can run networks: loading them ${why}.`;
}

/**
 * Whether no engine, or not the one that was chosen, loads on this node, and why, or undefined. It is tried in a process of its
 * own, with the environment that children get: a native part that is there may still not load, or crash, and where it loads it
 * would take 40 MB of the serving process for good.
 */
export function missingEngine(
  choice: Choice,
  env: Readonly<Record<string, string | undefined>>,
  probe: string = entry,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, [probe, choice], { timeout: PATIENCE_MS, env }, (error, stdout) => {
      resolve(error ? stdout.trim() || died(error) : undefined);
    });
  });
}
