import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { SearchError } from '../port.ts';
import { Engine } from './engine.ts';
import type { Answer, Request } from './messages.ts';

const { file } = workerData as { file: string };
const engine = new Engine(file);
flushCompileCache();

async function answer({ id, method, params }: Request): Promise<Answer> {
  try {
    const run = engine[method].bind(engine) as (...params: readonly unknown[]) => Promise<unknown>;
    return { id, value: await run(...params) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, error: error instanceof SearchError ? { message, code: error.code } : { message } };
  }
}

parentPort?.on('message', (request: Request) => {
  void answer(request).then((result) => parentPort?.postMessage(result));
});
