/** Numbers as TensorFlow lays them out: rows of the last axis together, pictures as [1, height, width, channels]. */
export interface Tensor {
  shape: readonly number[];
  data: Float32Array;
}

/** One entry of a TensorFlow.js weights manifest; the bytes of all stand one after another in its order. */
export interface WeightSpec {
  name: string;
  shape: readonly number[];
  dtype: 'float32' | 'int32' | 'bool';
  /** How the numbers are packed: half floats, or `min + scale × code`. */
  quantization?: { dtype: 'float16' | 'uint8' | 'uint16'; min?: number; scale?: number };
}

/** A model as TensorFlow.js keeps it: a graph of TensorFlow's operations, or Keras layers. */
export interface TfjsModel {
  format: 'graph-model' | 'layers-model';
  topology: unknown;
  specs: readonly WeightSpec[];
  weights: Uint8Array;
}

/** A network: where its weights are, what it is given and which of its tensors are wanted. */
export interface Network {
  readonly name: string;
  /** Package and version that the weights come from. */
  source(): string;
  load(): Promise<TfjsModel>;
  /** It sees a square of `edge` × `edge` pixels, red, green, blue, each 0–255 level given as `level × scale + offset`. */
  readonly input: { readonly edge: number; readonly scale: number; readonly offset: number };
  /** Nodes of the graph or layers whose values are wanted, in this order. */
  readonly outputs: readonly string[];
}
