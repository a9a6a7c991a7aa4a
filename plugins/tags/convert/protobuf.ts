/** As much of the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding) as an ONNX file needs. */

const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;

function varint(value: number | bigint): number[] {
  const out: number[] = [];
  // A negative int64 is its two's complement, ten bytes long.
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 0x7fn; left >>= 7n) out.push(Number(left & 0x7fn) | 0x80);
  out.push(Number(left));
  return out;
}

const key = (field: number, type: number): number[] => varint((field << 3) | type);

/** An int32, int64 or enum. */
export const integer = (field: number, value: number): Uint8Array => Uint8Array.from([...key(field, VARINT), ...varint(value)]);

export function float(field: number, value: number): Uint8Array {
  const out = Buffer.from([...key(field, FIXED32), 0, 0, 0, 0]);
  out.writeFloatLE(value, out.length - 4);
  return out;
}

/** Bytes, a string in UTF-8, or the parts of a message within this one. */
export function bytes(field: number, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const data = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  const length = data.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Uint8Array.from([...key(field, LENGTH), ...varint(length)]), ...data]);
}
