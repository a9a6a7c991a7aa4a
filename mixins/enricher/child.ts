/** The entry of a child process: it takes one job at a time from the pool of its parent, over workerpool's channel. */
import { mkdir } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { worker, workerEmit } from 'workerpool';
import { type BlobKeys, config } from '../../config/index.ts';
import { joinBlobs } from '../../config/profiles/index.ts';
import { sharp } from '../pictures.ts';
import { makeRunner } from './child-run.ts';
import { inShort } from './failure.ts';
import { hotStills } from './hot-stills.ts';
import { hotAssets, type Job, type Told } from './job.ts';
import { registerPluginResolution } from './resolve.ts';
import { dieWithParent } from './watchdog.ts';

dieWithParent();
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

const settings = config();

async function runnerWith(keys: BlobKeys): Promise<ReturnType<typeof makeRunner>> {
  const blobs = await joinBlobs({ ...settings, ...keys });
  return makeRunner({
    blobs,
    stills: hotStills(blobs, { capacity: hotAssets, maxPixels: settings.maxPixels }),
    tell,
    async cache(enricher) {
      const folder = join(settings.data, 'plugins', enricher);
      await mkdir(folder, { recursive: true });
      return folder;
    },
  });
}

let run: ReturnType<typeof makeRunner> = () => Promise.reject(new Error('A child process is told its keys before its first job'));

worker({
  /** The first message. Says that it is up, and who it is. */
  async hello(keys: BlobKeys) {
    run = await runnerWith(keys);
    return process.pid;
  },
  enrich: (job: Job) => {
    abort = new AbortController();
    return run(job, abort.signal);
  },
});
