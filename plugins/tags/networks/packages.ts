import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TfjsModel, WeightSpec } from './model.ts';

const require = createRequire(import.meta.url);

interface Manifest {
  paths: string[];
  weights: WeightSpec[];
}

/** Neither package exports its package.json: the folder is found from its entry, which lies below it. */
function folderOf(name: string): string {
  const entry = require.resolve(name);
  return entry.slice(0, entry.lastIndexOf(join('node_modules', name)) + join('node_modules', name).length);
}

/** `nsfwjs@4.4.0` */
export function sourceOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')) as { version: string };
  return `${name}@${version}`;
}

/** A graph model of `@vladmandic/human` (MIT), from its folder `models`. */
export async function humanModel(name: string): Promise<TfjsModel> {
  const file = join(folderOf('@vladmandic/human'), 'models', `${name}.json`);
  const { modelTopology, weightsManifest } = JSON.parse(await readFile(file, 'utf8')) as {
    modelTopology: unknown;
    weightsManifest: Manifest[];
  };
  const parts = weightsManifest.flatMap(({ paths }) => paths.map((path) => readFile(join(dirname(file), path))));
  return {
    format: 'graph-model',
    topology: modelTopology,
    specs: weightsManifest.flatMap(({ weights }) => weights),
    weights: Buffer.concat(await Promise.all(parts)),
  };
}

/** The small layers model of `nsfwjs` (MIT). Its weights lie in modules, in base64. */
export async function nsfwModel(): Promise<TfjsModel> {
  const { MobileNetV2Model: model } = await import('nsfwjs/models/mobilenet_v2');
  const { modelTopology, weightsManifest } = (await model.modelJson()).default as unknown as {
    modelTopology: unknown;
    weightsManifest: Manifest[];
  };
  const parts = await Promise.all(model.weightBundles.map(async (bundle) => (await bundle()).default));
  return {
    format: 'layers-model',
    topology: modelTopology,
    specs: weightsManifest.flatMap(({ weights }) => weights),
    weights: Buffer.concat(parts.map((part) => Buffer.from(part, 'base64'))),
  };
}
