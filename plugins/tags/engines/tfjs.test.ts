import nodeUtil from 'node:util';
import { mobilenet } from '../networks/mobilenet.ts';
import type { Network, TfjsModel } from '../networks/model.ts';
import { loadTfjsNode, type TensorFlow, tfjsEngine } from './tfjs.ts';

const network = (format: TfjsModel['format']): Network => ({
  name: 'small',
  source: () => 'small@1.0.0',
  load: async () => ({ format, topology: 'the topology', specs: [], weights: Uint8Array.of(1, 2) }),
  input: { edge: 1, scale: 1, offset: 0 },
  outputs: ['first', 'second'],
});

/** Doubles what it is given for each output that is asked for, and counts tensors that were not given back. */
function fakeTensorFlow() {
  const state = { alive: 0, artifacts: undefined as unknown };
  const tensor = (data: ArrayLike<number>, shape: readonly number[]) => {
    state.alive++;
    return { shape, data: async () => data, dispose: () => (state.alive -= 1) };
  };
  type Given = ReturnType<typeof tensor>;
  const doubled = (outputs: readonly unknown[]) => outputs.map((_, at) => tensor([2 + at], [1, 1]));
  const tf = {
    io: { fromMemory: (artifacts: object) => (state.artifacts = artifacts) },
    loadGraphModel: async () => ({ execute: (_input: Given, outputs: string[]) => doubled(outputs) }),
    loadLayersModel: async () => ({ inputs: ['x'], getLayer: (name: string) => ({ output: name }) }),
    model: ({ outputs }: { outputs: readonly unknown[] }) => ({ predict: () => doubled(outputs) }),
    tensor,
  };
  return { tf: tf as TensorFlow, state };
}

describe('tfjsEngine', () => {
  it.each(['graph-model', 'layers-model'] as const)(
    'gives the outputs of a %s in order, and every tensor back',
    async (format) => {
      const { tf, state } = fakeTensorFlow();
      const session = await tfjsEngine(tf).open(network(format));
      expect(await session(Float32Array.of(1, 1, 1))).toEqual([
        { shape: [1, 1], data: Float32Array.of(2) },
        { shape: [1, 1], data: Float32Array.of(3) },
      ]);
      expect(state).toEqual({
        alive: 0,
        artifacts: { modelTopology: 'the topology', weightSpecs: [], weightData: Uint8Array.of(1, 2).buffer },
      });
    },
  );
});

function installed(): TensorFlow | string {
  try {
    return loadTfjsNode();
  } catch (error) {
    return error instanceof Error ? error.message.split('\n', 1)[0]! : String(error);
  }
}
const tf = installed();
const why = typeof tf === 'string' ? ` (skipped: ${tf})` : '';

describe('@tensorflow/tfjs-node', () => {
  it('finds what it misses in Node since 23', () => {
    const { isNullOrUndefined } = nodeUtil as unknown as { isNullOrUndefined: (value: unknown) => boolean };
    expect([null, undefined, 0, ''].map(isNullOrUndefined)).toEqual([true, true, false, false]);
  });

  (typeof tf === 'string' ? it.skip : it)(`tells the kinds of a grey square apart${why}`, async () => {
    const session = await tfjsEngine(tf as TensorFlow).open(mobilenet);
    const [kinds, features] = await session(new Float32Array(224 * 224 * 3).fill(0.5));
    expect([...kinds!.data].reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
    expect(features?.shape).toEqual([1, 14, 14, 96]);
  });
});
