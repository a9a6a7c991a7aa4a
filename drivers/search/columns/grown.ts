type Typed =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** The array itself when it holds `length` entries, else a copy with a quarter more room, or all that is asked for. New entries are `fill`. */
export function grown<T extends Typed>(array: T, length: number, fill = 0): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(64, length, Math.ceil(array.length * 1.25)));
  larger.set(array);
  if (fill !== 0) larger.fill(fill, array.length);
  return larger;
}
