import type { SearchValue, WeightedColor } from '../port.ts';

/** What colours are stored in: a hundredth or so of the smallest difference an eye can see in OKLab. */
export const flatUnit = 0.0001;

/** Colours as they are stored: l, a, b and weight of each, whole numbers of that unit, in one flat list. */
export interface Flat {
  flat: number[];
}
/** A vector as it is stored: a byte a number, in base64. A sixteenth of what its numbers take when they are written out. */
export interface Packed {
  i8: string;
}
export type StoredValue = Exclude<SearchValue, readonly WeightedColor[]> | Flat | Packed;
export type StoredFields = Record<string, StoredValue>;

/** In whole units, cut at ±1.3: no colour of a screen goes beyond 1. */
export const flatten = (x: number): number => Math.max(-13_000, Math.min(13_000, Math.round(x / flatUnit)));

export const isFlat = (value: unknown): value is Flat => typeof value === 'object' && value !== null && 'flat' in value;

export const isPacked = (value: unknown): value is Packed => typeof value === 'object' && value !== null && 'i8' in value;

/** Scaled so that the largest number is ±127; null where one is no number. */
export function packed(vector: readonly unknown[]): Int8Array<ArrayBuffer> | null {
  if (!vector.every((value): value is number => Number.isFinite(value))) return null;
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Int8Array.from(vector, (value) => Math.round((value / (largest || 1)) * 127));
}

export function unpacked({ i8 }: Packed): Int8Array {
  return new Int8Array(Buffer.from(i8, 'base64'));
}

const isColors = (value: SearchValue): value is readonly WeightedColor[] =>
  Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null;

/**
 * A document's fields as they are stored: all of them, also those no one has declared yet. Colours take a third of the room, and
 * what is declared as a vector a sixteenth.
 */
export function stored(fields: Record<string, SearchValue>, isVector: (name: string) => boolean = () => false): StoredFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]): [string, StoredValue] => {
      if (isColors(value)) return [name, { flat: value.flatMap(({ l, a, b, weight }) => [l, a, b, weight].map(flatten)) }];
      const bytes = isVector(name) && Array.isArray(value) ? packed(value) : null;
      return [name, bytes ? { i8: Buffer.from(bytes.buffer).toString('base64') } : value];
    }),
  );
}

/** The words of a text field. */
export function textOf(value: StoredValue | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? value.map((item) => String(item)).join(' \n ') : '';
}
