import { columnFor } from '../columns/columns.ts';
import { Likeness } from '../columns/column.ts';
import { isFlat, isPacked, packed, type StoredValue } from '../columns/stored.ts';
import type { SearchField } from '../port.ts';

/**
 * What is near or far, as bytes in base64: bits as they are, a vector a byte a number (columns/stored.ts), colours four numbers of
 * 16 bits each, the lower byte first: l, a, b, weight. Null for what is no value of the field.
 */
export function bytesOf(field: SearchField, value: StoredValue): string | null {
  if (field.kind === 'colors') return isFlat(value) && value.flat.length > 0 ? base64(Int16Array.from(value.flat)) : null;
  const column = columnFor(field);
  if (!(column instanceof Likeness) || column.from(value) === null) return null;
  if (typeof value === 'string')
    return Buffer.from(value.padEnd(value.length + (value.length % 2), '0'), 'hex').toString('base64');
  if (isPacked(value)) return value.i8;
  const bytes = Array.isArray(value) ? packed(value) : null;
  return bytes && base64(bytes);
}

/** Bits and vectors as they are stored in memory, for the columns that tell how far they are. */
export function valueOf(field: SearchField, bytes: string): StoredValue {
  if (field.kind === 'bits')
    return Buffer.from(bytes, 'base64')
      .toString('hex')
      .slice(0, (field.length ?? 0) / 4);
  return { i8: bytes };
}

/** The numbers of a vector's bytes, -127 to 127. */
export const numbersOf = (bytes: string): number[] => [...new Int8Array(Buffer.from(bytes, 'base64'))];

/** Processors we run on keep the lower byte first. */
const base64 = ({ buffer, byteOffset, byteLength }: Int8Array | Int16Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');
