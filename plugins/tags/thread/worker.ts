/** The entry of the thread that runs networks: engines block the thread they are called on, and a child's first has to hear its parent. */
import { parentPort, workerData } from 'node:worker_threads';
import { openEngine } from '../engines/open.ts';
import type { Answer, Ask, Start } from './messages.ts';
import { openNetworks } from './networks.ts';

const { engine, cache } = workerData as Start;
const look = await openNetworks(await openEngine(engine, cache));
const tell = (answer: Answer): void => parentPort?.postMessage(answer);

parentPort?.on('message', ({ id, squares }: Ask) => {
  look(squares).then(
    (seen) => tell({ id, seen }),
    (error: unknown) => tell({ id, problem: error instanceof Error ? error.message : String(error) }),
  );
});
tell({ ready: true });
