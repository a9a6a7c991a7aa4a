import { convert } from './convert.ts';
import { modelOf, type Output, runConverted } from './testing.ts';

type Numbers = Parameters<typeof modelOf>[2];

const base64 = (text: string): { s: string } => ({ s: Buffer.from(text).toString('base64') });
const ints = (...i: number[]) => ({ list: { i: i.map(String) } });
const window = (padding: string, stride = 1) => ({
  padding: base64(padding),
  strides: ints(1, stride, stride, 1),
  dilations: ints(1, 1, 1, 1),
});
const fused = (...ops: string[]) => ({ fused_ops: { list: { s: ops.map((op) => base64(op).s) } } });

interface Node {
  op: string;
  input: string[];
  attr?: object;
}

/** A graph of `x`, which is given, constants, and the nodes; `y` is what is wanted. */
function graphOf(shape: number[], nodes: Record<string, Node>, constants: Numbers) {
  const x = { name: 'x', op: 'Placeholder', attr: { shape: { shape: { dim: shape.map((size) => ({ size: String(size) })) } } } };
  const topology = {
    node: [
      x,
      ...Object.keys(constants).map((name) => ({ name, op: 'Const' })),
      ...Object.entries(nodes).map(([name, node]) => ({ name, ...node })),
    ],
  };
  return modelOf('graph-model', topology, constants);
}

async function run(shape: number[], data: number[], nodes: Record<string, Node>, constants: Numbers = {}): Promise<Output> {
  const [output] = await runConverted(graphOf(shape, nodes, constants), ['y'], { shape, data });
  return output!;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const ones = (count: number): number[] => upTo(count).map(() => 1);
const row = [1, 1, 2, 1];

describe('a converted TensorFlow graph', () => {
  it('pads SAME as TensorFlow does: the odd pixel comes at the end', async () => {
    const y = { op: 'Conv2D', input: ['x', 'k'], attr: window('SAME', 2) };
    expect(await run([1, 4, 4, 1], upTo(16), { y }, { k: { shape: [3, 3, 1, 1], data: ones(9) } })).toEqual({
      shape: [1, 2, 2, 1],
      data: [54, 45, 72, 54],
    });
  });

  it('leaves VALID without padding', async () => {
    const y = { op: 'Conv2D', input: ['x', 'k'], attr: window('VALID', 2) };
    expect(await run([1, 4, 4, 1], upTo(16), { y }, { k: { shape: [3, 3, 1, 1], data: ones(9) } })).toEqual({
      shape: [1, 1, 1, 1],
      data: [54],
    });
  });

  it('keeps channels last, inside and out', async () => {
    const k = { shape: [1, 1, 2, 3], data: [1, 10, 100, 2, 20, 200] };
    const y = { op: 'Conv2D', input: ['x', 'k'], attr: window('SAME') };
    expect(await run([1, 2, 1, 2], [1, 2, 3, 4], { y }, { k })).toEqual({
      shape: [1, 2, 1, 3],
      data: [5, 50, 500, 11, 110, 1100],
    });
  });

  it('adds the bias and applies the activation that were joined to a convolution', async () => {
    const y = { op: '_FusedConv2D', input: ['x', 'k', 'b'], attr: { ...window('SAME'), ...fused('BiasAdd', 'Relu6') } };
    const constants = { k: { shape: [1, 1, 1, 2], data: [1, 1] }, b: { shape: [2], data: [0, -4] } };
    expect((await run([1, 1, 3, 1], [-1, 5, 12], { y }, constants)).data).toEqual([0, 0, 5, 1, 6, 6]);
  });

  it('convolves each channel by itself, with more than one output of each', async () => {
    const y = { op: 'DepthwiseConv2dNative', input: ['x', 'k'], attr: window('SAME') };
    expect((await run([1, 1, 1, 2], [1, 2], { y }, { k: { shape: [1, 1, 2, 2], data: [1, 10, 100, 1000] } })).data).toEqual([
      1, 10, 200, 2000,
    ]);
  });

  it('adds a bias to each channel convolved by itself', async () => {
    const y = {
      op: 'FusedDepthwiseConv2dNative',
      input: ['x', 'k', 'b'],
      attr: { ...window('SAME'), ...fused('BiasAdd', 'Relu') },
    };
    const constants = { k: { shape: [1, 1, 2, 1], data: [2, 3] }, b: { shape: [2], data: [-5, 1] } };
    expect((await run([1, 1, 1, 2], [1, 2], { y }, constants)).data).toEqual([0, 7]);
  });

  it.each([
    ['Add', [11, 22]],
    ['AddV2', [11, 22]],
    ['Mul', [10, 40]],
  ])('takes one number for each channel in %s', async (op, data) => {
    expect(
      (await run([1, 1, 1, 2], [1, 2], { y: { op, input: ['x', 'c'] } }, { c: { shape: [2], data: [10, 20] } })).data,
    ).toEqual(data);
  });

  it('takes a lone number', async () => {
    expect((await run(row, [1, 2], { y: { op: 'Mul', input: ['c', 'x'] } }, { c: { shape: [], data: [3] } })).data).toEqual([
      3, 6,
    ]);
  });

  it.each([
    ['Relu', [0, 7]],
    ['Relu6', [0, 6]],
    ['Sigmoid', [0.1192, 0.9991]],
    ['Identity', [-2, 7]],
  ])('applies %s', async (op, data) => {
    expect((await run(row, [-2, 7], { y: { op, input: ['x'] } })).data).toEqual(data);
  });

  it('takes means over height and width, and multiplies by them', async () => {
    const nodes = { m: { op: 'Mean', input: ['x', 'axes'] }, y: { op: 'Mul', input: ['x', 'm'] } };
    const axes = { axes: { shape: [2], data: [1, 2], integer: true } };
    expect((await run([1, 1, 2, 2], [1, 2, 3, 4], nodes, axes)).data).toEqual([2, 6, 6, 12]);
  });

  it('takes the largest, SAME', async () => {
    const y = { op: 'MaxPool', input: ['x'], attr: { ...window('SAME', 2), ksize: ints(1, 2, 2, 1) } };
    expect(await run([1, 3, 3, 1], upTo(9), { y })).toEqual({ shape: [1, 2, 2, 1], data: [5, 6, 8, 9] });
  });

  it('joins along channels', async () => {
    const nodes = { r: { op: 'Relu', input: ['x'] }, y: { op: 'ConcatV2', input: ['x', 'r', 'axis'] } };
    const axis = { axis: { shape: [], data: [3], integer: true } };
    expect(await run(row, [-1, 2], nodes, axis)).toEqual({ shape: [1, 1, 2, 2], data: [-1, 0, 2, 2] });
  });

  it('pads each axis by itself', async () => {
    const pads = { pads: { shape: [4, 2], data: [0, 0, 0, 1, 1, 0, 0, 2], integer: true } };
    expect(await run([1, 1, 1, 1], [5], { y: { op: 'Pad', input: ['x', 'pads'] } }, pads)).toEqual({
      shape: [1, 2, 2, 3],
      data: [0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0],
    });
  });

  it.each([
    ['from upper left corners', {}, [0, 0.5, 1, 1]],
    ['from the middles of pixels', { half_pixel_centers: { b: true } }, [0, 0.25, 0.75, 1]],
    ['from corner to corner', { align_corners: { b: true } }, [0, 0.3333, 0.6667, 1]],
  ])('resizes bilinearly %s', async (_how, attr, data) => {
    const size = { size: { shape: [2], data: [1, 4], integer: true } };
    expect(await run(row, [0, 1], { y: { op: 'ResizeBilinear', input: ['x', 'size'], attr } }, size)).toEqual({
      shape: [1, 1, 4, 1],
      data,
    });
  });

  it('reshapes with numbers in the order that TensorFlow has them', async () => {
    const to = { to: { shape: [3], data: [1, -1, 2], integer: true } };
    expect(await run([1, 2, 2, 2], upTo(8), { y: { op: 'Reshape', input: ['x', 'to'] } }, to)).toEqual({
      shape: [1, 4, 2],
      data: upTo(8),
    });
  });

  it('gives several outputs in the order they were asked for', async () => {
    const nodes = { a: { op: 'Relu', input: ['x'] }, b: { op: 'Sigmoid', input: ['x'] } };
    const outputs = await runConverted(graphOf(row, nodes, {}), ['b', 'x', 'a'], { shape: row, data: [-1, 0] });
    expect(outputs.map(({ data }) => data)).toEqual([
      [0.2689, 0.5],
      [-1, 0],
      [0, 0],
    ]);
  });

  it.each([
    ['an operation it does not know', { y: { op: 'Einsum', input: ['x'] } }, /does not know TensorFlow's Einsum \(y\)/],
    ['weights that are no constants', { y: { op: 'Conv2D', input: ['x', 'x'], attr: window('SAME') } }, /x has to be a constant/],
    ['explicit padding', { y: { op: 'Conv2D', input: ['x', 'c'], attr: window('EXPLICIT') } }, /does not know padding EXPLICIT/],
    [
      'what follows a convolution',
      { y: { op: '_FusedConv2D', input: ['x', 'c'], attr: { ...window('SAME'), ...fused('Elu') } } },
      /Elu/,
    ],
    ['a node that is not there', { y: { op: 'Relu', input: ['gone'] } }, /has no node gone/],
  ])('is not made of %s, and says so', (_what, nodes: Record<string, Node>, message) => {
    expect(() => convert(graphOf(row, nodes, { c: { shape: [1, 1, 1, 1], data: [1] } }), ['y'])).toThrow(message);
  });
});
