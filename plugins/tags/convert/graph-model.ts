import type { Tensor } from '../networks/model.ts';
import type { Activation, NchwGraph, Pair, Value, Window } from './nchw.ts';

/** An attribute of TensorFlow's NodeDef in JSON: strings in base64, integers as strings. */
interface Attribute {
  s?: string;
  b?: boolean;
  list?: { i?: readonly (string | number)[]; s?: readonly string[] };
  shape?: { dim?: readonly { size: string | number }[] };
}

interface GraphNode {
  name: string;
  op: string;
  input?: readonly string[];
  attr?: Readonly<Record<string, Attribute>>;
}

const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString();

const activations: Readonly<Record<string, Activation>> = { Relu: 'relu', Relu6: 'relu6', Sigmoid: 'sigmoid' };

/**
 * Puts the part of a TensorFlow graph that leads to `wanted` into an ONNX graph.
 * @throws Error that names an operation the converter does not know.
 */
export function convertGraph(
  topology: unknown,
  weights: ReadonlyMap<string, Tensor>,
  wanted: readonly string[],
  graph: NchwGraph,
): void {
  const nodes = new Map((topology as { node: GraphNode[] }).node.map((node) => [node.name, node]));
  const done = new Map<string, Value>();

  function weight(name: string | undefined): Tensor {
    const tensor = weights.get(name ?? '');
    if (!tensor) throw new Error(`${name ?? 'An input'} has to be a constant for the converter to know what to do`);
    return tensor;
  }

  /** Attributes with one number for each axis of a picture, of which batch and channels are always 1. */
  function sides(node: GraphNode, attribute: string): Pair | undefined {
    const list = node.attr?.[attribute]?.list?.i?.map(Number);
    return list && [list[1] ?? 1, list[2] ?? 1];
  }

  function windowOf(node: GraphNode): Window {
    const padding = text(node.attr?.['padding']?.s);
    if (padding !== 'SAME' && padding !== 'VALID')
      throw new Error(`${node.name}: the converter does not know padding ${padding}`);
    return {
      strides: sides(node, 'strides') ?? [1, 1],
      padding: padding === 'SAME' ? 'same' : 'valid',
      dilations: sides(node, 'dilations'),
    };
  }

  /** A convolution, and what TensorFlow's optimiser has joined to it: bias and activation. */
  function convolution(node: GraphNode, inputs: readonly string[], kind: 'conv' | 'depthwise'): Value {
    const fused = (node.attr?.['fused_ops']?.list?.s ?? []).map(text);
    const bias = fused.includes('BiasAdd') ? weight(inputs[2]) : undefined;
    const after = fused.filter((op) => op !== 'BiasAdd');
    const sum = graph[kind](valueOf(inputs[0]), weight(inputs[1]), windowOf(node), bias);
    return after.reduce((x, op) => {
      const activation = activations[op];
      if (!activation) throw new Error(`${node.name}: the converter does not know ${op} behind a convolution`);
      return graph.activate(x, activation);
    }, sum);
  }

  function convertNode(node: GraphNode): Value {
    const inputs = (node.input ?? []).filter((name) => !name.startsWith('^'));
    const first = (): Value => valueOf(inputs[0]);
    switch (node.op) {
      case 'Placeholder':
        return graph.input((node.attr?.['shape']?.shape?.dim ?? []).map(({ size }) => Math.max(1, Number(size))));
      case 'Const':
        return graph.constant(weight(node.name));
      case 'Identity':
        return first();
      case 'Conv2D':
      case '_FusedConv2D':
        return convolution(node, inputs, 'conv');
      case 'DepthwiseConv2dNative':
      case 'FusedDepthwiseConv2dNative':
        return convolution(node, inputs, 'depthwise');
      case 'Relu':
      case 'Relu6':
      case 'Sigmoid':
        return graph.activate(first(), activations[node.op]!);
      case 'Add':
      case 'AddV2':
        return graph.combine('Add', first(), valueOf(inputs[1]));
      case 'Mul':
        return graph.combine('Mul', first(), valueOf(inputs[1]));
      case 'Mean':
        return graph.mean(first(), [...weight(inputs[1]).data]);
      case 'MaxPool':
        return graph.pool('MaxPool', first(), sides(node, 'ksize') ?? [1, 1], windowOf(node));
      case 'Pad': {
        const { data } = weight(inputs[1]);
        return graph.pad(
          first(),
          [0, 1, 2, 3].map((axis): Pair => [data[2 * axis]!, data[2 * axis + 1]!]),
        );
      }
      case 'ConcatV2':
        return graph.concat(
          inputs.slice(0, -1).map((name) => valueOf(name)),
          weight(inputs.at(-1)).data[0]!,
        );
      case 'ResizeBilinear': {
        const [height, width] = weight(inputs[1]).data;
        return graph.resize(first(), [height!, width!], {
          alignCorners: node.attr?.['align_corners']?.b ?? false,
          halfPixelCenters: node.attr?.['half_pixel_centers']?.b ?? false,
        });
      }
      case 'Reshape':
        return graph.reshape(first(), [...weight(inputs[1]).data]);
      default:
        throw new Error(`The converter does not know TensorFlow's ${node.op} (${node.name}): teach convert/graph-model.ts`);
    }
  }

  function valueOf(name: string | undefined): Value {
    const node = nodes.get(name ?? '');
    if (!node) throw new Error(`The graph has no node ${name ?? 'of that name'}`);
    const value = done.get(node.name) ?? convertNode(node);
    done.set(node.name, value);
    return value;
  }

  for (const name of wanted) graph.output(valueOf(name));
}
