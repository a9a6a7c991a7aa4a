import type { WeightSpec } from '../networks/model.ts';
import { decodeWeights, halfToNumber } from './weights.ts';

const decode = (specs: WeightSpec[], ...bytes: number[]) =>
  [...decodeWeights({ format: 'graph-model', topology: {}, specs, weights: Uint8Array.from(bytes) })].map(([name, { data }]) => [
    name,
    [...data],
  ]);
const spec = (name: string, quantization?: WeightSpec['quantization']): WeightSpec => ({
  name,
  shape: [2],
  dtype: 'float32',
  ...(quantization && { quantization }),
});

describe('decodeWeights', () => {
  it('reads whole floats and integers', () => {
    const floats = [...new Uint8Array(Float32Array.of(1.5, -2).buffer)];
    const integers = [...new Uint8Array(Int32Array.of(7, -8).buffer)];
    expect(decode([spec('a'), { ...spec('b'), dtype: 'int32' }], ...floats, ...integers)).toEqual([
      ['a', [1.5, -2]],
      ['b', [7, -8]],
    ]);
  });

  it('reads what is packed in one byte, two bytes and half floats, one after another', () => {
    const specs = [
      spec('bytes', { dtype: 'uint8', min: -1, scale: 0.5 }),
      spec('words', { dtype: 'uint16', min: 0, scale: 2 }),
      spec('halves', { dtype: 'float16' }),
    ];
    expect(decode(specs, 0, 4, 1, 0, 0, 1, 0x00, 0x3c, 0x00, 0xc0)).toEqual([
      ['bytes', [-1, 1]],
      ['words', [2, 512]],
      ['halves', [1, -2]],
    ]);
  });

  it('reads weights that begin anywhere in memory', () => {
    const memory = new Uint8Array(9);
    memory.set(new Uint8Array(Float32Array.of(3, 4).buffer), 1);
    const { data } = decodeWeights({ format: 'graph-model', topology: {}, specs: [spec('a')], weights: memory.subarray(1) }).get(
      'a',
    )!;
    expect([...data]).toEqual([3, 4]);
  });

  it.each([
    ['too few', [0, 0, 0], /end before a/],
    ['too many', [0, 0, 0, 0, 0, 0, 0, 0, 0], /more weights/],
  ])('does not take %s bytes for a model', (_what, bytes, message) => {
    expect(() => decode([spec('a')], ...bytes)).toThrow(message);
  });
});

describe('halfToNumber', () => {
  it.each([
    ['zero', 0x0000, 0],
    ['the least', 0x0001, 2 ** -24],
    ['the least without a special form', 0x0400, 2 ** -14],
    ['a third', 0x3555, 0.333251953125],
    ['the largest', 0x7bff, 65504],
    ['infinity', 0xfc00, -Infinity],
    ['no number', 0x7e00, Number.NaN],
  ])('reads %s', (_what, half, number) => {
    expect(halfToNumber(half)).toBe(number);
  });
});
