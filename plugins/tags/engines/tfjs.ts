import { createRequire } from 'node:module';
import nodeUtil from 'node:util';
import type { Network, Tensor, TfjsModel } from '../networks/model.ts';
import type { Engine, Session } from './engine.ts';

interface TfTensor {
  readonly shape: readonly number[];
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

interface LayersModel {
  readonly inputs: readonly unknown[];
  getLayer(name: string): { readonly output: unknown };
}

/** What is used of TensorFlow.js. `@tensorflow/tfjs-node` and the slow `@tensorflow/tfjs` have it alike. */
export interface TensorFlow {
  readonly io: { fromMemory(artifacts: object): unknown };
  loadGraphModel(handler: unknown): Promise<{ execute(input: TfTensor, outputs: string[]): TfTensor | TfTensor[] }>;
  loadLayersModel(handler: unknown): Promise<LayersModel>;
  model(ends: { inputs: readonly unknown[]; outputs: readonly unknown[] }): {
    predict(input: TfTensor): TfTensor | TfTensor[];
  };
  tensor(data: Float32Array, shape: readonly number[]): TfTensor;
}

const removed = { isNullOrUndefined: (value: unknown): boolean => value == null, isArray: Array.isArray };

/**
 * Loads `@tensorflow/tfjs-node`, an optional dependency: npm leaves it out without a word where it cannot be installed.
 * @throws where it is not there, or has no native part for this system
 */
export function loadTfjsNode(): TensorFlow {
  // tfjs-node 4.22, its last version, calls what Node 23 took away for every tensor, and what later ones may.
  for (const [name, missing] of Object.entries(removed)) {
    if (!(name in nodeUtil)) Object.assign(nodeUtil, { [name]: missing });
  }
  return createRequire(import.meta.url)('@tensorflow/tfjs-node') as TensorFlow;
}

const artifactsOf = ({ topology, specs, weights }: TfjsModel): object => ({
  modelTopology: topology,
  weightSpecs: specs,
  weightData: Uint8Array.from(weights).buffer,
});

async function runner(
  tf: TensorFlow,
  { format, ...model }: TfjsModel,
  outputs: readonly string[],
): Promise<(input: TfTensor) => TfTensor | TfTensor[]> {
  const handler = tf.io.fromMemory(artifactsOf({ format, ...model }));
  if (format === 'graph-model') {
    const graph = await tf.loadGraphModel(handler);
    return (input) => graph.execute(input, [...outputs]);
  }
  const layers = await tf.loadLayersModel(handler);
  const ends = tf.model({ inputs: layers.inputs, outputs: outputs.map((name) => layers.getLayer(name).output) });
  return (input) => ends.predict(input);
}

/** TensorFlow.js as an engine. It reads the networks as their packages have them: nothing is converted. */
export const tfjsEngine = (tf: TensorFlow): Engine => ({
  name: 'tfjs',
  async open(network: Network): Promise<Session> {
    const run = await runner(tf, await network.load(), network.outputs);
    const { edge } = network.input;
    return async (pixels) => {
      const input = tf.tensor(pixels, [1, edge, edge, 3]);
      const results = [run(input)].flat();
      const read = async (result: TfTensor): Promise<Tensor> => ({
        shape: result.shape,
        data: Float32Array.from(await result.data()),
      });
      try {
        return await Promise.all(results.map(read));
      } finally {
        for (const tensor of [input, ...results]) tensor.dispose();
      }
    };
  },
});
