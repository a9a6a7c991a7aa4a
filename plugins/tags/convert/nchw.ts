import type { Tensor } from '../networks/model.ts';
import { type Attribute, encodeOnnx, type OnnxConstant, type OnnxNode } from './onnx.ts';

/** A value of the graph. One of four axes is a picture and lies as ONNX wants it: batch, channels, height, width. */
export interface Value {
  readonly name: string;
  readonly picture: boolean;
}

/** Along height and width. */
export type Pair = readonly [number, number];

export interface Window {
  strides: Pair;
  padding: 'same' | 'valid';
  dilations?: Pair | undefined;
}

/** Names of the activations that both formats have in common. */
export type Activation = 'linear' | 'relu' | 'relu6' | 'sigmoid' | 'softmax';

const TO_NCHW = [0, 3, 1, 2];
const TO_NHWC = [0, 2, 3, 1];
/** Where an axis of NHWC is in NCHW. */
const AXES = [0, 2, 3, 1];

/** The tensor with its axes in another order. */
export function transpose({ shape, data }: Tensor, order: readonly number[]): Tensor {
  const sides = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const out = new Float32Array(data.length);
  const index = sides.map(() => 0);
  for (let to = 0, from = 0; to < out.length; to++) {
    out[to] = data[from]!;
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < sides[axis]!) break;
      from -= steps[axis]! * sides[axis]!;
      index[axis] = 0;
    }
  }
  return { shape: sides, data: out };
}

/**
 * An ONNX graph in the making, told in TensorFlow's terms: pictures as [1, height, width, channels], kernels as [height, width, in,
 * out]. TensorFlow's SAME padding puts the odd pixel at the end, which is ONNX's SAME_UPPER.
 */
export function nchwGraph() {
  const nodes: OnnxNode[] = [];
  const constants: OnnxConstant[] = [];
  const outputs: string[] = [];
  let input: { name: string; shape: readonly number[] } | undefined;
  let count = 0;

  const fresh = (): string => `v${count++}`;
  const node = (op: string, inputs: readonly string[], attributes?: Record<string, Attribute>): string => {
    const output = fresh();
    nodes.push({ op, inputs, output, attributes });
    return output;
  };
  const floats = ({ shape, data }: Tensor): string => {
    const name = fresh();
    constants.push({ name, shape, data });
    return name;
  };
  const integers = (data: readonly number[]): string => {
    const name = fresh();
    constants.push({ name, shape: [data.length], data });
    return name;
  };
  const scalar = (value: number): string => floats({ shape: [], data: Float32Array.of(value) });
  const window = ({ strides, padding, dilations }: Window): Record<string, Attribute> => ({
    strides,
    auto_pad: padding === 'same' ? 'SAME_UPPER' : 'VALID',
    ...(dilations && { dilations }),
  });
  const picture = (name: string): Value => ({ name, picture: true });
  const nhwc = ({ name, picture: is }: Value): string => (is ? node('Transpose', [name], { perm: TO_NHWC }) : name);

  function convolve(x: Value, kernel: Tensor, group: number, how: Window, bias?: Tensor): Value {
    const inputs = [x.name, floats(kernel), ...(bias ? [floats(bias)] : [])];
    return picture(node('Conv', inputs, { ...window(how), group, kernel_shape: kernel.shape.slice(2) }));
  }

  return {
    /** What the network is given: [1, height, width, channels]. */
    input(shape: readonly number[]): Value {
      input = { name: 'input', shape };
      return picture(node('Transpose', ['input'], { perm: TO_NCHW }));
    },

    /** A constant to add to or multiply with pictures: one number, or one for each channel. */
    constant(tensor: Tensor): Value {
      if (tensor.data.length === 1) return { name: floats({ shape: [], data: tensor.data }), picture: false };
      if (tensor.shape.length !== 1) throw new Error('Only a number, or one for each channel, can be a constant operand');
      return { name: floats({ shape: [tensor.data.length, 1, 1], data: tensor.data }), picture: false };
    },

    /** @param kernel [height, width, in, out] */
    conv: (x: Value, kernel: Tensor, how: Window, bias?: Tensor): Value =>
      convolve(x, transpose(kernel, [3, 2, 0, 1]), 1, how, bias),

    /** @param kernel [height, width, channels, outputs of each channel] */
    depthwise(x: Value, kernel: Tensor, how: Window, bias?: Tensor): Value {
      const [height, width, channels, each] = kernel.shape as [number, number, number, number];
      const { data } = transpose(kernel, [2, 3, 0, 1]);
      return convolve(x, { shape: [channels * each, 1, height, width], data }, channels, how, bias);
    },

    /** gamma × (x - mean) / √(variance + epsilon) + beta, per channel. */
    normalize(x: Value, per: { gamma: Tensor; beta: Tensor; mean: Tensor; variance: Tensor }, epsilon: number): Value {
      const inputs = [per.gamma, per.beta, per.mean, per.variance].map(floats);
      return picture(node('BatchNormalization', [x.name, ...inputs], { epsilon: { float: epsilon } }));
    },

    activate(x: Value, activation: Activation): Value {
      switch (activation) {
        case 'linear':
          return x;
        case 'relu':
          return { ...x, name: node('Relu', [x.name]) };
        case 'relu6':
          return { ...x, name: node('Clip', [x.name, scalar(0), scalar(6)]) };
        case 'sigmoid':
          return { ...x, name: node('Sigmoid', [x.name]) };
        case 'softmax':
          return { ...x, name: node('Softmax', [x.name], { axis: x.picture ? 1 : -1 }) };
      }
    },

    combine: (op: 'Add' | 'Mul', a: Value, b: Value): Value => ({
      name: node(op, [a.name, b.name]),
      picture: a.picture || b.picture,
    }),

    concat: (values: readonly Value[], axis: number): Value =>
      picture(
        node(
          'Concat',
          values.map(({ name }) => name),
          { axis: AXES[axis < 0 ? axis + 4 : axis]! },
        ),
      ),

    /** Zeros around it. `padding` has a pair, before and after, for each of its four axes. */
    pad(x: Value, padding: readonly Pair[]): Value {
      const [batch, height, width, channels] = padding as [Pair, Pair, Pair, Pair];
      const sides = [batch, channels, height, width];
      const pads = integers([...sides.map(([before]) => before), ...sides.map(([, after]) => after)]);
      return picture(node('Pad', [x.name, pads, scalar(0)]));
    },

    pool: (op: 'MaxPool' | 'AveragePool', x: Value, size: Pair, how: Window): Value =>
      picture(node(op, [x.name], { ...window(how), kernel_shape: size })),

    /** The mean over axes, which stay with one entry each. */
    mean: (x: Value, axes: readonly number[]): Value =>
      picture(node('ReduceMean', [x.name, integers(axes.map((axis) => AXES[axis < 0 ? axis + 4 : axis]!))], { keepdims: 1 })),

    /** Bilinear. Without either, TensorFlow's old way: samples lie at the upper left corners of pixels. */
    resize(
      x: Value,
      size: Pair,
      { alignCorners, halfPixelCenters }: { alignCorners: boolean; halfPixelCenters: boolean },
    ): Value {
      const mode = alignCorners ? 'align_corners' : halfPixelCenters ? 'half_pixel' : 'asymmetric';
      // Resize could take the two axes alone, but then ONNX Runtime 1.30 fails where it moves a Transpose past it.
      const batchAndChannels = node('Shape', [x.name], { start: 0, end: 2 });
      const sides = node('Concat', [batchAndChannels, integers(size)], { axis: 0 });
      return picture(node('Resize', [x.name, '', '', sides], { mode: 'linear', coordinate_transformation_mode: mode }));
    },

    /** Of a picture, its numbers in TensorFlow's order. The result is no picture, whatever its shape. */
    reshape: (x: Value, shape: readonly number[]): Value => ({
      name: node('Reshape', [nhwc(x), integers(shape)]),
      picture: false,
    }),

    /** @param kernel [in, out] */
    dense(x: Value, kernel: Tensor, bias?: Tensor): Value {
      const product = node('MatMul', [x.name, floats(kernel)]);
      return { name: bias ? node('Add', [product, floats(bias)]) : product, picture: false };
    },

    /** Gives a value, a picture as [1, height, width, channels], to those who run the network. */
    output(x: Value): void {
      outputs.push(node('Identity', [nhwc(x)]));
    },

    encode(): Uint8Array {
      if (!input) throw new Error('A network without an input cannot be run');
      return encodeOnnx({ nodes, constants, input, outputs });
    },
  };
}

export type NchwGraph = ReturnType<typeof nchwGraph>;
