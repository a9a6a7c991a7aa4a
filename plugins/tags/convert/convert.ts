import type { TfjsModel } from '../networks/model.ts';
import { convertGraph } from './graph-model.ts';
import { convertLayers } from './layers-model.ts';
import { nchwGraph } from './nchw.ts';
import { decodeWeights } from './weights.ts';

/** Raise it when the same model would be converted to something else: what is in the caches is made anew. */
export const CONVERTER_VERSION = 1;

/** A TensorFlow.js model, as far as it leads to the wanted tensors, as an ONNX file. Its outputs come in the order of `wanted`. */
export function convert(model: TfjsModel, wanted: readonly string[]): Uint8Array {
  const graph = nchwGraph();
  const weights = decodeWeights(model);
  const translate = model.format === 'graph-model' ? convertGraph : convertLayers;
  translate(model.topology, weights, wanted, graph);
  return graph.encode();
}
