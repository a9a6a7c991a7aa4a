import type { Tensor } from '../networks/model.ts';
import type { Activation, NchwGraph, Pair, Value, Window } from './nchw.ts';

/** A layer as Keras describes it; of its options only those that are read here. */
interface Layer {
  name: string;
  class_name: string;
  config: {
    batch_input_shape?: readonly (number | null)[];
    padding?: 'same' | 'valid' | readonly Pair[];
    strides?: Pair;
    dilation_rate?: Pair;
    pool_size?: Pair;
    activation?: string;
    epsilon?: number;
    max_value?: number | null;
  };
  inbound_nodes: readonly (readonly (readonly [name: string, ...unknown[]])[])[];
}

const activations = new Set<Activation>(['linear', 'relu', 'relu6', 'sigmoid', 'softmax']);

/**
 * Puts the layers of a Keras model that lead to `wanted` into an ONNX graph.
 * @throws Error that names a layer the converter does not know.
 */
export function convertLayers(
  topology: unknown,
  weights: ReadonlyMap<string, Tensor>,
  wanted: readonly string[],
  graph: NchwGraph,
): void {
  const { layers } = (topology as { model_config: { config: { layers: Layer[] } } }).model_config.config;
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const done = new Map<string, Value>();

  function weight(layer: Layer, name: string): Tensor {
    const tensor = weights.get(`${layer.name}/${name}`);
    if (!tensor) throw new Error(`The layer ${layer.name} has no ${name}: the package is damaged`);
    return tensor;
  }
  const bias = (layer: Layer): Tensor | undefined => weights.get(`${layer.name}/bias`);

  function windowOf({ name, config: { strides = [1, 1], padding, dilation_rate: dilations } }: Layer): Window {
    if (padding !== 'same' && padding !== 'valid') throw new Error(`${name}: the converter does not know its padding`);
    return { strides, padding, dilations };
  }

  function activated(x: Value, { name, config: { activation = 'linear' } }: Layer): Value {
    if (!activations.has(activation as Activation)) throw new Error(`${name}: the converter does not know ${activation}`);
    return graph.activate(x, activation as Activation);
  }

  function convertLayer(layer: Layer): Value {
    const { name, class_name: kind, config } = layer;
    const inputs = (layer.inbound_nodes[0] ?? []).map(([from]) => from);
    const first = (): Value => valueOf(inputs[0]);
    switch (kind) {
      case 'InputLayer':
        return graph.input((config.batch_input_shape ?? []).map((side) => side ?? 1));
      case 'Conv2D':
        return activated(graph.conv(first(), weight(layer, 'kernel'), windowOf(layer), bias(layer)), layer);
      case 'DepthwiseConv2D':
        return activated(graph.depthwise(first(), weight(layer, 'depthwise_kernel'), windowOf(layer), bias(layer)), layer);
      case 'BatchNormalization':
        return graph.normalize(
          first(),
          {
            gamma: weight(layer, 'gamma'),
            beta: weight(layer, 'beta'),
            mean: weight(layer, 'moving_mean'),
            variance: weight(layer, 'moving_variance'),
          },
          config.epsilon ?? 0.001,
        );
      case 'ReLU':
        if (config.max_value != null && config.max_value !== 6)
          throw new Error(`${name}: the converter knows ReLU and ReLU6 only`);
        return graph.activate(first(), config.max_value == null ? 'relu' : 'relu6');
      case 'ZeroPadding2D':
        return graph.pad(first(), [[0, 0], ...(config.padding as readonly Pair[]), [0, 0]]);
      case 'Add':
        return inputs.slice(1).reduce((sum, from) => graph.combine('Add', sum, valueOf(from)), first());
      case 'AveragePooling2D':
        return graph.pool('AveragePool', first(), config.pool_size ?? [2, 2], windowOf(layer));
      case 'Flatten':
        return graph.reshape(first(), [1, -1]);
      case 'Dropout':
        // Acts in training alone.
        return first();
      case 'Dense':
        return activated(graph.dense(first(), weight(layer, 'kernel'), bias(layer)), layer);
      default:
        throw new Error(`The converter does not know Keras's ${kind} (${name}): teach convert/layers-model.ts`);
    }
  }

  function valueOf(name: string | undefined): Value {
    const layer = byName.get(name ?? '');
    if (!layer) throw new Error(`The model has no layer ${name ?? 'of that name'}`);
    const value = done.get(layer.name) ?? convertLayer(layer);
    done.set(layer.name, value);
    return value;
  }

  for (const name of wanted) graph.output(valueOf(name));
}
