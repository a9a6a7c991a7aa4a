import { Worker } from 'node:worker_threads';

/** Plain JavaScript, so that the thread needs no type stripping of its own. */
const watch = `
  const parent = process.ppid;
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 250);
`;

/**
 * Ends this process when its parent has died, also while a plugin keeps the event loop from learning it (a busy loop would
 * outlive a killed server for ever). A thread, as nothing else of the process runs then.
 */
export function dieWithParent(): void {
  new Worker(watch, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 } }).unref();
}
