import type { SearchValue, WeightedColor } from '../port.ts';

/** What colours are stored in: a hundredth or so of the smallest difference an eye can see in OKLab. */
export const flatUnit = 0.0001;

/** Colours as they are stored: l, a, b and weight of each, whole numbers of that unit, in one flat list. */
export interface Flat {
  flat: number[];
}
export type StoredValue = Exclude<SearchValue, readonly WeightedColor[]> | Flat;
export type StoredFields = Record<string, StoredValue>;

/** In whole units, cut at ±1.3: no colour of a screen goes beyond 1. */
export const flatten = (x: number): number => Math.max(-13_000, Math.min(13_000, Math.round(x / flatUnit)));

export const isFlat = (value: unknown): value is Flat => typeof value === 'object' && value !== null && 'flat' in value;

const isColors = (value: SearchValue): value is readonly WeightedColor[] =>
  Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null;

/** A document's fields as they are stored: all of them, also those no one has declared yet. Colours take a third of the room. */
export function stored(fields: Record<string, SearchValue>): StoredFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      isColors(value) ? { flat: value.flatMap(({ l, a, b, weight }) => [l, a, b, weight].map(flatten)) } : value,
    ]),
  );
}

/** The words of a text field. */
export function textOf(value: StoredValue | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? value.map((item) => String(item)).join(' \n ') : '';
}
