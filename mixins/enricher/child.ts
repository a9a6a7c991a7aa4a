/** The entry of a child process: it takes one job at a time from the pool of its parent, over workerpool's channel. */
import { mkdir } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { worker, workerEmit } from 'workerpool';
import { config, forgetSecrets } from '../../config/index.ts';
import { openBlobs } from '../../config/profiles/index.ts';
import { whenThere } from '../../config/profiles/when-there.ts';
import { sharp } from '../pictures.ts';
import { makeRunner } from './child-run.ts';
import { inShort } from './failure.ts';
import { hotStills } from './hot-stills.ts';
import { hotAssets, type Job, type Told } from './job.ts';
import { registerPluginResolution } from './resolve.ts';
import { dieWithParent } from './watchdog.ts';

dieWithParent();
forgetSecrets();
registerPluginResolution();
// One picture at a time on one core: cores are shared out by the number of children. And requests go before enriching.
sharp.concurrency(1);
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const tell = (told: Told): void => {
  workerEmit(told);
};

// Ctrl-C reaches the whole group, a stopping service manager too: the parent alone decides when its children end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** SIGUSR2 asks to let go of the run. */
let abort = new AbortController();
process.on('SIGUSR2', () => {
  abort.abort(new Error('The run took too long, or the server stops'));
});

const lastWord = (reason: unknown): void => {
  process.stderr.write(`${inspect(reason)}\n`);
  tell({ crash: inShort(reason) });
  setImmediate(() => process.exit(1));
};
process.on('uncaughtException', lastWord);
process.on('unhandledRejection', lastWord);

// Where the store is away a process comes up when it is back, or is ended by its parent; what it prints is logged there.
const blobs = await whenThere('the store of bytes', () => openBlobs(config()), {
  onWaiting: (server, reason) => reason !== undefined && process.stderr.write(`Waiting for ${server}: ${reason}\n`),
  signal: new AbortController().signal,
});
const stills = hotStills(blobs, { capacity: hotAssets, maxPixels: config().maxPixels });
const run = makeRunner({
  blobs,
  stills,
  tell,
  async cache(enricher) {
    const folder = join(config().data, 'plugins', enricher);
    await mkdir(folder, { recursive: true });
    return folder;
  },
});

worker({
  /** Says that it is up, and who it is. */
  hello: () => process.pid,
  enrich: (job: Job) => {
    abort = new AbortController();
    return run(job, abort.signal);
  },
});
