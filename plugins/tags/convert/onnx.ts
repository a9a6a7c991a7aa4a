import { bytes, float, integer } from './protobuf.ts';

/** The messages of an ONNX file that a converted network needs. Field numbers and types: onnx/onnx.proto of ONNX 1.15. */

/** Opset 18 (ONNX 1.13): the means' axes are an input. */
const OPSET = 18;
const IR_VERSION = 8;
const FLOAT = 1;
const INT64 = 7;
const [TYPE_FLOAT, TYPE_INT, TYPE_STRING, TYPE_INTS] = [1, 2, 3, 7];

/** An attribute of a node; a number is an integer unless it is wrapped. */
export type Attribute = number | { float: number } | string | readonly number[];

function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'number') return bytes(5, bytes(1, name), integer(3, value), integer(20, TYPE_INT));
  if (typeof value === 'string') return bytes(5, bytes(1, name), bytes(4, value), integer(20, TYPE_STRING));
  if ('float' in value) return bytes(5, bytes(1, name), float(2, value.float), integer(20, TYPE_FLOAT));
  return bytes(5, bytes(1, name), ...value.map((item) => integer(8, item)), integer(20, TYPE_INTS));
}

export interface OnnxNode {
  op: string;
  inputs: readonly string[];
  output: string;
  attributes?: Readonly<Record<string, Attribute>> | undefined;
}

const node = ({ op, inputs, output, attributes = {} }: OnnxNode): Uint8Array =>
  bytes(
    1,
    ...inputs.map((input) => bytes(1, input)),
    bytes(2, output),
    bytes(4, op),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  );

/** A constant. Numbers that are no Float32Array are 64 bit integers. */
export interface OnnxConstant {
  name: string;
  shape: readonly number[];
  data: Float32Array | readonly number[];
}

function constant({ name, shape, data }: OnnxConstant): Uint8Array {
  const numbers = data instanceof Float32Array ? data : BigInt64Array.from(data, BigInt);
  const raw = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const type = integer(2, data instanceof Float32Array ? FLOAT : INT64);
  return bytes(5, ...shape.map((size) => integer(1, size)), type, bytes(8, name), bytes(9, raw));
}

const shapeOf = (shape: readonly number[]): Uint8Array => bytes(2, ...shape.map((size) => bytes(1, integer(1, size))));

/** An input, or where there is no shape an output, of floats. */
const value = (field: number, name: string, shape?: readonly number[]): Uint8Array =>
  bytes(field, bytes(1, name), bytes(2, bytes(1, integer(1, FLOAT), ...(shape ? [shapeOf(shape)] : []))));

export interface OnnxGraph {
  nodes: readonly OnnxNode[];
  constants: readonly OnnxConstant[];
  input: { name: string; shape: readonly number[] };
  outputs: readonly string[];
}

/** The bytes of an ONNX file. */
export function encodeOnnx({ nodes, constants, input, outputs }: OnnxGraph): Uint8Array {
  const graph = bytes(
    7,
    ...nodes.map(node),
    bytes(2, 'network'),
    ...constants.map(constant),
    value(11, input.name, input.shape),
    ...outputs.map((name) => value(12, name)),
  );
  return Buffer.concat([integer(1, IR_VERSION), bytes(2, 'vitrail'), graph, bytes(8, bytes(1, ''), integer(2, OPSET))]);
}

/** An entry of a file's metadata: bytes to put behind those of `encodeOnnx`; it ends with the value. */
export const metadata = (name: string, text: string): Uint8Array => bytes(14, bytes(1, name), bytes(2, text));
