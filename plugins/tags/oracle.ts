/**
 * Compares the converted networks with TensorFlow.js itself:
 *   npm install --prefix /tmp/oracle @tensorflow/tfjs@4.22.0
 *   node plugins/tags/oracle.ts /tmp/oracle samples/two-dogs.jpg …
 * It takes about a minute for each picture: that TensorFlow.js is plain JavaScript.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { openOnnx } from './engines/onnx.ts';
import { type TensorFlow, tfjsEngine } from './engines/tfjs.ts';
import { blazeface } from './networks/blazeface.ts';
import { centernet } from './networks/centernet.ts';
import { mobilenet } from './networks/mobilenet.ts';
import type { Tensor } from './networks/model.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [folder = '.', ...files] = positionals;
const tf = createRequire(join(resolve(folder), 'package.json'))('@tensorflow/tfjs') as TensorFlow;
const cache = await mkdtemp(join(tmpdir(), 'vitrail-oracle-'));
const engines = [await openOnnx(cache), tfjsEngine(tf)] as const;

function compare(a: Tensor, b: Tensor): string {
  if (a.shape.join() !== b.shape.join()) return `shapes ${a.shape.join('×')} and ${b.shape.join('×')} differ`;
  let [most, size] = [0, 0];
  a.data.forEach((value, index) => {
    most = Math.max(most, Math.abs(value - b.data[index]!));
    size = Math.max(size, Math.abs(value));
  });
  return `${a.shape.join('×')}: differ by ${most.toExponential(1)} at most, values reach ${size.toPrecision(3)}`;
}

for (const network of [mobilenet, blazeface, centernet]) {
  const { edge, scale, offset } = network.input;
  const [onnx, reference] = await Promise.all(engines.map((engine) => engine.open(network)));
  for (const file of files) {
    const pixels = await sharp(file).autoOrient().resize(edge, edge, { fit: 'fill' }).removeAlpha().raw().toBuffer();
    const input = Float32Array.from(pixels, (level) => level * scale + offset);
    const expected = (await reference?.(input)) ?? [];
    const got = (await onnx?.(input)) ?? [];
    got.forEach((tensor, index) => {
      process.stdout.write(
        `${network.name} ${file} ${network.outputs[index] ?? ''} ${compare(tensor, expected[index] ?? { shape: [], data: new Float32Array() })}\n`,
      );
    });
  }
}
await rm(cache, { recursive: true });
