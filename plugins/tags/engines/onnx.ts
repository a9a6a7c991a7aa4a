import { convertedFile } from '../convert/cache.ts';
import type { Engine, Session } from './engine.ts';

/**
 * ONNX Runtime, which its package brings for common systems.
 * @param cache folder for the converted networks
 * @throws where there is no native part for this system
 */
export async function openOnnx(cache: string): Promise<Engine> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  return {
    name: 'onnx',
    async open(network): Promise<Session> {
      // One thread: cores are shared out by the number of children.
      const session = await InferenceSession.create(await convertedFile(network, cache), {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        // What a run took goes back to the system after it: 50 MB less between runs, for 3 ms more.
        enableCpuMemArena: false,
        enableMemPattern: false,
      });
      const [name = 'input'] = session.inputNames;
      const { edge } = network.input;
      return async (input) => {
        const results = await session.run({ [name]: new Tensor('float32', input, [1, edge, edge, 3]) });
        return session.outputNames.map((output) => {
          const { dims, data } = results[output]!;
          return { shape: dims, data: data as Float32Array };
        });
      };
    },
  };
}
