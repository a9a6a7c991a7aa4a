import { differenceEuclidean } from 'culori';
import { bitsApart } from '../bits.ts';
import type { FieldKind, PaletteColor } from '../fields.ts';
import { type Look, lookApart } from './look.ts';

/** How far a value may be from the golden one. Each kind of output reads its own; what is left out has the default. */
export interface Tolerance {
  /** Integers and floats: the difference. Default 0 and 1e-6. */
  value?: number;
  /** Colours: distance in OKLab, of which an eye tells about 0.02. Default 0.02. */
  color?: number;
  /** Colours: difference of shares. Default 0.03. */
  weight?: number;
  /** Vectors: 1 - cosine. Default 0.01. */
  cosine?: number;
  /** Bits: how many differ. Default 0. */
  bits?: number;
  /** Files: root mean square difference of two looks, in levels of 255. Default 3. */
  look?: number;
  /** Files: difference of sizes as a share of the golden one. Default 0.2. */
  bytes?: number;
}

/** A derived file as a golden keeps it. */
export interface GoldenFile {
  name: string;
  type: string;
  width?: number | undefined;
  height?: number | undefined;
  bytes: number;
  /** Absent where the file is no picture. */
  look?: Look | undefined;
}

const colorsApart = differenceEuclidean('oklab');
const show = (value: unknown): string => JSON.stringify(value);
const close = (a: number, b: number, most: number): boolean => Math.abs(a - b) <= most;

function cosineApart(a: readonly number[], b: readonly number[]): number {
  const dot = (p: readonly number[], q: readonly number[]) => p.reduce((sum, value, i) => sum + value * (q[i] ?? Number.NaN), 0);
  return a.length === b.length ? 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)) : Number.NaN;
}

function colors(
  golden: readonly PaletteColor[],
  got: readonly PaletteColor[],
  { color = 0.02, weight = 0.03 }: Tolerance,
): string[] {
  const alike = (a: PaletteColor, b: PaletteColor) => colorsApart(a.hex, b.hex) <= color && close(a.weight, b.weight, weight);
  const lost = golden.filter((one) => !got.some((other) => alike(one, other)));
  const count = golden.length === got.length ? [] : [`${got.length} colours instead of ${golden.length}`];
  return [...count, ...lost.map(({ hex, weight: share }) => `no colour like ${hex} with a share of about ${share}`)];
}

function floats(golden: readonly number[], got: readonly number[], { value = 1e-6 }: Tolerance): string[] {
  const same = golden.length === got.length && golden.every((number, i) => close(number, got[i] ?? Number.NaN, value));
  return same ? [] : [`${show(got)} instead of ${show(golden)}`];
}

function files(golden: readonly GoldenFile[], got: readonly GoldenFile[], { look = 3, bytes = 0.2 }: Tolerance): string[] {
  const names = (list: readonly GoldenFile[]) => list.map(({ name }) => name).join(', ');
  if (names(golden) !== names(got)) return [`files ${names(got)} instead of ${names(golden)}`];
  return golden.flatMap((was, i) => {
    const is = got[i] ?? was;
    const facts = (['type', 'width', 'height'] as const).filter((key) => was[key] !== is[key]);
    const found = facts.map((key) => `${was.name}: ${key} ${is[key] ?? 'unknown'} instead of ${was[key] ?? 'unknown'}`);
    if (!close(was.bytes, is.bytes, bytes * was.bytes))
      found.push(`${was.name}: ${is.bytes} bytes instead of about ${was.bytes}`);
    const apart = lookApart(was.look, is.look);
    if (!(apart <= look)) found.push(`${was.name}: looks different (${apart.toFixed(1)} levels)`);
    return found;
  });
}

/** What an output differs in from the golden one, in words; nothing where it is within tolerance. */
export function differences(kind: FieldKind, golden: unknown, got: unknown, tolerance: Tolerance = {}): string[] {
  const unlike = (same: boolean): string[] => (same ? [] : [`${show(got)} instead of ${show(golden)}`]);
  if (golden === undefined || got === undefined) return unlike(golden === got);
  switch (kind) {
    case 'integer':
    case 'float':
      if (Array.isArray(golden) && Array.isArray(got)) return floats(golden as number[], got as number[], tolerance);
      return unlike(close(golden as number, got as number, tolerance.value ?? (kind === 'integer' ? 0 : 1e-6)));
    case 'color':
      return unlike(colorsApart(golden as string, got as string) <= (tolerance.color ?? 0.02));
    case 'colors':
      return colors(golden as PaletteColor[], got as PaletteColor[], tolerance);
    case 'bits':
      return unlike(bitsApart(golden as string, got as string) <= (tolerance.bits ?? 0));
    case 'vector':
      return unlike(cosineApart(golden as number[], got as number[]) <= (tolerance.cosine ?? 0.01));
    case 'blob':
      return files([golden as GoldenFile], [got as GoldenFile], tolerance);
    case 'blobs':
      return files(golden as GoldenFile[], got as GoldenFile[], tolerance);
    case 'text':
    case 'keyword':
    case 'boolean':
    case 'date':
      return unlike(show(golden) === show(got));
  }
}
