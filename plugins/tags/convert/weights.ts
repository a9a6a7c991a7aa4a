import type { Tensor, TfjsModel, WeightSpec } from '../networks/model.ts';

/** A half float (IEEE 754 binary16) as a number. */
export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Bytes of one number, and how it is read. */
function packing({ name, dtype, quantization }: WeightSpec): { size: number; read: (view: DataView, at: number) => number } {
  const { min = 0, scale = 1 } = quantization ?? {};
  switch (quantization?.dtype ?? dtype) {
    case 'float32':
      return { size: 4, read: (view, at) => view.getFloat32(at, true) };
    case 'int32':
      return { size: 4, read: (view, at) => view.getInt32(at, true) };
    case 'float16':
      return { size: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) };
    case 'uint16':
      return { size: 2, read: (view, at) => view.getUint16(at, true) * scale + min };
    case 'uint8':
      return { size: 1, read: (view, at) => view.getUint8(at) * scale + min };
    case 'bool':
      throw new Error(`The weight ${name} is of a kind (bool) that the converter does not know: teach convert/weights.ts`);
  }
}

/**
 * All weights of a model by name, as 32 bit floats.
 * @throws Error where there are fewer or more bytes than the manifest says.
 */
export function decodeWeights({ specs, weights }: TfjsModel): Map<string, Tensor> {
  const view = new DataView(weights.buffer, weights.byteOffset, weights.byteLength);
  const all = new Map<string, Tensor>();
  let at = 0;
  for (const spec of specs) {
    const { size, read } = packing(spec);
    const length = spec.shape.reduce((product, side) => product * side, 1);
    if (at + length * size > weights.length) throw new Error(`The weights end before ${spec.name}: the package is damaged`);
    const data = new Float32Array(length);
    for (let index = 0; index < length; index++) data[index] = read(view, at + index * size);
    all.set(spec.name, { shape: spec.shape, data });
    at += length * size;
  }
  if (at !== weights.length) throw new Error('There are more weights than the manifest names: the package is damaged');
  return all;
}
