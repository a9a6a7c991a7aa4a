import type { Choice } from './choices.ts';
import type { Engine } from './engine.ts';
import { openOnnx } from './onnx.ts';
import { loadTfjsNode, tfjsEngine } from './tfjs.ts';

/** How each engine is opened; `program` is its npm package. */
export type Openers = Readonly<Record<Engine['name'], { program: string; open: (cache: string) => Promise<Engine> }>>;

const openers: Openers = {
  onnx: { program: 'onnxruntime-node', open: openOnnx },
  tfjs: { program: '@tensorflow/tfjs-node', open: async () => tfjsEngine(loadTfjsNode()) },
};

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';

/**
 * The engine that was chosen, or with `auto` the first that loads here, the faster one before the other.
 * @throws Error that says for each why it does not load, and what to do
 */
export async function openEngine(choice: Choice, cache: string, engines: Openers = openers): Promise<Engine> {
  const failures: string[] = [];
  for (const name of choice === 'auto' ? (['onnx', 'tfjs'] as const) : [choice]) {
    const { program, open } = engines[name];
    try {
      return await open(cache);
    } catch (error) {
      failures.push(`${program} does not load (${firstLine(error)})`);
    }
  }
  const advice = choice === 'auto' ? 'Install one of them for this system' : 'Install it, or set the option engine to auto';
  throw new Error(`Nothing here can run networks: ${failures.join('; ')}. ${advice}.`);
}
