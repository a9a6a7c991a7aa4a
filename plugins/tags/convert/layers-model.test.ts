import { convert } from './convert.ts';
import { modelOf, type Output, runConverted } from './testing.ts';

interface Layer {
  class_name: string;
  from: string[];
  config?: object;
}

/** A Keras model that begins with `x`; `y` is what is wanted. */
function modelOfLayers(shape: number[], layers: Record<string, Layer>, constants: Parameters<typeof modelOf>[2]) {
  const all = [
    { name: 'x', class_name: 'InputLayer', config: { batch_input_shape: [null, ...shape.slice(1)] }, inbound_nodes: [] },
    ...Object.entries(layers).map(([name, { from, config = {}, ...layer }]) => ({
      name,
      ...layer,
      config,
      inbound_nodes: [from.map((other) => [other, 0, 0, {}])],
    })),
  ];
  return modelOf('layers-model', { model_config: { config: { layers: all } } }, constants);
}

async function run(
  shape: number[],
  data: number[],
  layers: Record<string, Layer>,
  constants: Parameters<typeof modelOf>[2] = {},
): Promise<Output> {
  const [output] = await runConverted(modelOfLayers(shape, layers, constants), ['y'], { shape, data });
  return output!;
}

const window = { strides: [1, 1], padding: 'valid', dilation_rate: [1, 1] };

describe('converted Keras layers', () => {
  it('pad with zeros, convolve and add their bias', async () => {
    const layers = {
      p: { class_name: 'ZeroPadding2D', from: ['x'], config: { padding: [[0, 1], [1, 0]] } }, // prettier-ignore
      y: { class_name: 'Conv2D', from: ['p'], config: { ...window, activation: 'relu' } },
    };
    const constants = { 'y/kernel': { shape: [1, 1, 1, 1], data: [2] }, 'y/bias': { shape: [1], data: [-1] } };
    expect(await run([1, 1, 1, 1], [3], layers, constants)).toEqual({ shape: [1, 2, 2, 1], data: [0, 5, 0, 0] });
  });

  it('convolve each channel by itself', async () => {
    const y = { class_name: 'DepthwiseConv2D', from: ['x'], config: window };
    expect(
      (await run([1, 1, 1, 2], [1, 2], { y }, { 'y/depthwise_kernel': { shape: [1, 1, 2, 1], data: [3, 5] } })).data,
    ).toEqual([3, 10]);
  });

  it('normalise each channel', async () => {
    const y = { class_name: 'BatchNormalization', from: ['x'], config: { epsilon: 1 } };
    const constants = {
      'y/gamma': { shape: [2], data: [2, 1] },
      'y/beta': { shape: [2], data: [0, 10] },
      'y/moving_mean': { shape: [2], data: [1, 0] },
      'y/moving_variance': { shape: [2], data: [3, 0] },
    };
    expect((await run([1, 1, 1, 2], [5, 7], { y }, constants)).data).toEqual([4, 17]);
  });

  it.each([
    ['unlimited', null, [0, 9]],
    ['up to six', 6, [0, 6]],
  ])('rectify, %s', async (_what, limit, data) => {
    expect(
      (await run([1, 1, 2, 1], [-1, 9], { y: { class_name: 'ReLU', from: ['x'], config: { max_value: limit } } })).data,
    ).toEqual(data);
  });

  it('add more than two', async () => {
    expect((await run([1, 1, 1, 1], [3], { y: { class_name: 'Add', from: ['x', 'x', 'x'] } })).data).toEqual([9]);
  });

  it('take means of windows', async () => {
    const y = { class_name: 'AveragePooling2D', from: ['x'], config: { pool_size: [2, 2], strides: [2, 2], padding: 'valid' } };
    expect((await run([1, 2, 2, 1], [1, 2, 3, 6], { y })).data).toEqual([3]);
  });

  it('flatten in the order that Keras does, and end in a softmax', async () => {
    const layers = {
      d: { class_name: 'Dropout', from: ['x'] },
      f: { class_name: 'Flatten', from: ['d'] },
      y: { class_name: 'Dense', from: ['f'], config: { activation: 'softmax' } },
    };
    // Only the third number, the first channel of the second pixel, speaks for the second class.
    const constants = { 'y/kernel': { shape: [4, 2], data: [0, 0, 0, 0, 0, 1, 0, 0] }, 'y/bias': { shape: [2], data: [0, 0] } };
    expect((await run([1, 1, 2, 2], [9, 9, Math.log(3), 9], layers, constants)).data).toEqual([0.25, 0.75]);
  });

  it.each([
    ['a layer it does not know', { y: { class_name: 'LSTM', from: ['x'] } }, /does not know Keras's LSTM \(y\)/],
    ['a layer without its weights', { y: { class_name: 'Conv2D', from: ['x'], config: window } }, /y has no kernel/],
    ['another limit', { y: { class_name: 'ReLU', from: ['x'], config: { max_value: 1 } } }, /ReLU and ReLU6 only/],
    ['a layer that is not there', { y: { class_name: 'Add', from: ['gone'] } }, /has no layer gone/],
  ])('are not made of %s, and it says so', (_what, layers: Record<string, Layer>, message) => {
    expect(() => convert(modelOfLayers([1, 1, 1, 1], layers, {}), ['y'])).toThrow(message);
  });
});
