import { Worker } from 'node:worker_threads';

/** Plain JavaScript, so that the thread needs no type stripping of its own. */
const watch = `
  const { workerData: parent } = require('node:worker_threads');
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 250);
`;

/**
 * Ends this process when its parent has died, also while a plugin keeps the event loop from learning it (a busy loop would
 * outlive a killed server for ever). A thread, as nothing else of the process runs then. Who the parent is, is asked here:
 * the thread may come up only after the parent has died, and would take the one that adopts this process for it.
 */
export function dieWithParent(): void {
  const limits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 };
  new Worker(watch, { eval: true, workerData: process.ppid, resourceLimits: limits }).unref();
}
