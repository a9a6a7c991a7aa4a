import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('./probe.ts', import.meta.url));
const PATIENCE_MS = 20_000;

/** What the probe did not say itself: a native part that ends its process, on a processor it was not made for. */
const died = (signal: string | null | undefined): string =>
  `Nothing here can run networks: loading them ends the process${signal ? ` (${signal})` : ''}.`;

/**
 * Whether no engine loads on this node, and why, or undefined. It is tried in a process of its own: a native part that is there
 * may still not load, or crash, and where it loads it would take 40 MB of the serving process for good.
 */
export function missingEngine(probe: string = entry): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, [probe], { timeout: PATIENCE_MS }, (error, stdout) => {
      resolve(error ? stdout.trim() || died(error.signal) : undefined);
    });
  });
}
