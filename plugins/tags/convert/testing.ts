import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Tensor, TfjsModel, WeightSpec } from '../networks/model.ts';
import { convert } from './convert.ts';

/** Runs in a thread of its own: jest gives its tests other typed arrays than those that native parts know. */
const code = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { InferenceSession, Tensor } = require(workerData.runtime);
  const run = async () => {
    const session = await InferenceSession.create(workerData.onnx, { intraOpNumThreads: 1 });
    const input = new Tensor('float32', Float32Array.from(workerData.input), workerData.shape);
    const results = await session.run({ input });
    return session.outputNames.map((name) => ({ shape: [...results[name].dims], data: [...results[name].data] }));
  };
  run().then((outputs) => parentPort.postMessage({ outputs }), (error) => parentPort.postMessage({ problem: String(error) }));
`;

export interface Output {
  shape: number[];
  /** Rounded to four digits. */
  data: number[];
}

type Constants = Record<string, { shape: number[]; data: number[]; integer?: boolean }>;

function pack(constants: Constants): Pick<TfjsModel, 'specs' | 'weights'> {
  const specs = Object.entries(constants).map(([name, { shape, integer }]): WeightSpec => ({
    name,
    shape,
    dtype: integer ? 'int32' : 'float32',
  }));
  const parts = Object.values(constants).map(({ data, integer }) =>
    Buffer.from(integer ? Int32Array.from(data).buffer : Float32Array.from(data).buffer),
  );
  return { specs, weights: Buffer.concat(parts) };
}

/** A small model of TensorFlow.js, made of its topology and the numbers of its constants. */
export const modelOf = (format: TfjsModel['format'], topology: unknown, constants: Constants): TfjsModel => ({
  format,
  topology,
  ...pack(constants),
});

/** Converts a model and runs it on ONNX Runtime. */
export async function runConverted(
  model: TfjsModel,
  wanted: readonly string[],
  { shape, data }: { shape: readonly number[]; data: readonly number[] },
): Promise<Output[]> {
  const workerData = {
    runtime: createRequire(import.meta.url).resolve('onnxruntime-node'),
    onnx: convert(model, wanted),
    input: data,
    shape,
  };
  const answer = await new Promise<{ outputs?: Output[]; problem?: string }>((resolve, reject) => {
    new Worker(code, { eval: true, workerData }).once('message', resolve).once('error', reject);
  });
  if (!answer.outputs) throw new Error(answer.problem);
  const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
  return answer.outputs.map((output) => ({ shape: output.shape, data: output.data.map(rounded) }));
}

export const tensor = (shape: readonly number[], data: readonly number[]): Tensor => ({ shape, data: Float32Array.from(data) });
