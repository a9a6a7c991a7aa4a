import type { SearchIndex } from '../../drivers/search/port.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import type { Asset } from '../contracts/asset.ts';
import { outputField } from './fields.ts';

/** An output that two assets can be near or far in. */
export interface Sign {
  /** Its name in the index. */
  field: string;
  kind: 'bits' | 'vector';
  /** How many bits or numbers. */
  length: number;
  /** Up to this distance two may be the same picture. */
  same?: number | undefined;
  valueOf(asset: Asset): unknown;
}

/** What looking for likeness needs. */
export interface Reach {
  index: SearchIndex;
  signs: readonly Sign[];
  /** Assets by id, without those that are gone. */
  many(ids: readonly string[]): Promise<Asset[]>;
}

/** All signs of the manifests, in their order. */
export function signsOf(manifests: readonly Manifest[]): Sign[] {
  return manifests.flatMap(({ name, outputs }) =>
    Object.entries(outputs).flatMap(([output, { kind, length, same }]): Sign[] => {
      if ((kind !== 'bits' && kind !== 'vector') || length === undefined) return [];
      return [
        { field: outputField(name, output), kind, length, same, valueOf: ({ enrichments }) => enrichments[name]?.[output] },
      ];
    }),
  );
}

/** The sign that near-duplicates are found by: the first one of bits that says what is the same. The others confirm. */
export const leadOf = (signs: readonly Sign[]): Sign | undefined =>
  signs.find(({ kind, same }) => kind === 'bits' && same !== undefined);

/** The leading sign and then the others, in their order. */
export function leadFirst(signs: readonly Sign[]): Sign[] {
  const lead = leadOf(signs);
  return lead ? [lead, ...signs.filter((sign) => sign !== lead)] : [...signs];
}

/** Distance in bits as 0–1: unlike pictures differ in about half of the bits, which is 1. */
export const shareOfBits = (distance: number, { length }: Sign): number => Math.min(1, distance / (length / 2));

/** A distance as it is shown: what lies beyond would be noise. */
export const rounded = (distance: number): number => Math.round(distance * 10_000) / 10_000;
