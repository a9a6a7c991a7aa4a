import { SearchError, type WeightedColor } from '../port.ts';
import type { Column, Counted, Test } from './column.ts';
import { Lists } from './lists.ts';
import { flatten, flatUnit, isFlat, type StoredValue } from './stored.ts';

export type Wish = Omit<WeightedColor, 'weight'>;

/** OKLab distance beyond which a colour is another one: from black to white it is 1, from a strong red to orange about 0.15. */
export const reach = 0.25;
/** OKLab distance at which nearness has fallen to a half. Two colours side by side can be told apart from about 0.02. */
export const half = 0.03;
/** What a wished colour that is missing altogether counts as. */
export const missing = 0.001;

/** Squares of distances are looked up in steps of this many bits; the nearest step is 0.0016 wide, a fraction of what an eye sees. */
export const stepBits = 8;
const steps = Math.round((reach / flatUnit) ** 2) >> stepBits;
/** The square of k(d) by the square of d. */
const kernel = Float32Array.from({ length: steps }, (_, step) => {
  const square = step * 2 ** stepBits * flatUnit ** 2;
  return ((1 - square / reach ** 2) / (1 + square / half ** 2)) ** 2;
});

export const scaled = ({ l, a, b }: Wish): Wish => ({ l: flatten(l), a: flatten(a), b: flatten(b) });

/** All within 32 bits: flatten() keeps what it takes within 1.3. */
const stepOf = (dl: number, da: number, db: number): number =>
  ((Math.imul(dl, dl) + Math.imul(da, da) + Math.imul(db, db)) | 0) >>> stepBits;

const factor = (sum: number): number => Math.sqrt(sum * flatUnit) + missing;

/**
 * The palettes of all rows, and how near they come to wished colours.
 *
 * For one wish, a palette entry at OKLab distance d counts `k(d) = (1 - d²/reach²) / (1 + d²/half²)`: 1 at d = 0, and smoothly 0
 * at `reach`. The wish's score is `sqrt(sum of weight * k²)`; with a single near entry, its nearness times the root of its share.
 * So what covers a picture comes before a sliver of it, and distance tells more than share. Several wishes are multiplied, each
 * plus 0.001 (a geometric mean but for its root): one that is missing pulls the whole far down.
 */
export class ColourColumn implements Column {
  #lists = new Lists(new Int16Array(0));

  set(row: number, value: StoredValue | undefined): void {
    this.#lists.set(row, isFlat(value) ? value.flat : []);
  }

  /** Writes the nearness of these rows to their places in `scores`, and answers those with a colour within reach of a wish. */
  near(rows: Uint32Array, wishes: readonly Wish[], scores: Float64Array): Uint32Array {
    for (let i = 0; i < rows.length; i++) scores[rows[i]!] = 1;
    let at = 0;
    for (; at + 3 <= wishes.length; at += 3) this.#multiplyThree(rows, wishes.slice(at, at + 3).map(scaled), scores);
    for (; at < wishes.length; at++) this.#multiply(rows, scaled(wishes[at]!), scores);
    const none = wishes.reduce((product) => product * missing, 1);
    const near = new Uint32Array(rows.length);
    let n = 0;
    for (let i = 0; i < rows.length; i++) if (scores[rows[i]!]! > none) near[n++] = rows[i]!;
    return near.subarray(0, n);
  }

  #multiply(rows: Uint32Array, wish: Wish, scores: Float64Array): void {
    const { start, length, items } = this.#lists;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const to = start[row]! + length[row]!;
      let sum = 0;
      for (let k = start[row]!; k < to; k += 4) {
        const step = stepOf(items[k]! - wish.l, items[k + 1]! - wish.a, items[k + 2]! - wish.b);
        if (step < steps) sum += items[k + 3]! * kernel[step]!;
      }
      scores[row] = scores[row]! * factor(sum);
    }
  }

  /** The same for three wishes: to go through the palettes once takes half the time of thrice. */
  #multiplyThree(rows: Uint32Array, [x, y, z]: Wish[], scores: Float64Array): void {
    const { start, length, items } = this.#lists;
    if (!x || !y || !z) return;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const to = start[row]! + length[row]!;
      let sumX = 0;
      let sumY = 0;
      let sumZ = 0;
      for (let k = start[row]!; k < to; k += 4) {
        const l = items[k]!;
        const a = items[k + 1]!;
        const b = items[k + 2]!;
        const weight = items[k + 3]!;
        const stepX = stepOf(l - x.l, a - x.a, b - x.b);
        const stepY = stepOf(l - y.l, a - y.a, b - y.b);
        const stepZ = stepOf(l - z.l, a - z.a, b - z.b);
        if (stepX < steps) sumX += weight * kernel[stepX]!;
        if (stepY < steps) sumY += weight * kernel[stepY]!;
        if (stepZ < steps) sumZ += weight * kernel[stepZ]!;
      }
      scores[row] = scores[row]! * factor(sumX) * factor(sumY) * factor(sumZ);
    }
  }

  test(): Test {
    throw new SearchError('search.query-invalid', 'a field of colours cannot be filtered: name it under colors');
  }

  key(): null {
    return null;
  }

  count(): Counted[] {
    return [];
  }
}
