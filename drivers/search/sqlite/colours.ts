import { SearchError, type WeightedColor } from '../port.ts';
import type { Column, Counted, Test } from './column.ts';
import { Lists } from './lists.ts';
import { isFlat, type StoredValue } from './stored.ts';

export type Wish = Omit<WeightedColor, 'weight'>;

/** OKLab distance beyond which a colour is another one: from black to white it is 1, from a strong red to orange about 0.15. */
const reach = 0.25;
/** OKLab distance at which nearness has fallen to about a half. Two colours side by side can be told apart from about 0.02. */
const half = 0.05;
/** What a wished colour that is missing altogether counts as. */
const missing = 0.001;

/**
 * The palettes of all rows, and how near they come to wished colours.
 *
 * For one wish, each palette entry at OKLab distance d counts `k(d) = (1 - d²/reach²) / (1 + d²/half²)`, 1 at d = 0 and smoothly 0
 * at `reach`; the wish's score is `sqrt(sum of weight * k²)`: for a palette with a single near entry that is nearness times the
 * root of its share, so that what covers a picture comes before a sliver of it, and distance still tells more than share.
 * Several wishes are joined by the geometric mean of (score + 0.001): one that is missing pulls the whole down.
 */
export class ColourColumn implements Column {
  #lists = new Lists(new Float32Array(0));

  set(row: number, value: StoredValue | undefined): void {
    this.#lists.set(row, isFlat(value) ? value.flat : []);
  }

  /** Writes the nearness of these rows to the wishes, 0–1, to their places in `scores`; 0 when no colour is within reach of any wish. */
  near(rows: Uint32Array, wishes: readonly Wish[], scores: Float64Array): void {
    for (const row of rows) scores[row] = this.#nearness(row, wishes);
  }

  #nearness(row: number, wishes: readonly Wish[]): number {
    let product = 1;
    let any = false;
    for (const wish of wishes) {
      const score = this.#score(row, wish);
      if (score > 0) any = true;
      product *= score + missing;
    }
    return any ? Math.max(Number.MIN_VALUE, product ** (1 / wishes.length) - missing) : 0;
  }

  #score(row: number, wish: Wish): number {
    const { start, length, items } = this.#lists;
    const from = start[row] ?? 0;
    const to = from + (length[row] ?? 0);
    let sum = 0;
    for (let k = from; k + 3 < to; k += 4) {
      const dl = (items[k] ?? 0) - wish.l;
      const da = (items[k + 1] ?? 0) - wish.a;
      const db = (items[k + 2] ?? 0) - wish.b;
      const square = dl * dl + da * da + db * db;
      if (square >= reach * reach) continue;
      const nearness = (1 - square / (reach * reach)) / (1 + square / (half * half));
      sum += (items[k + 3] ?? 0) * nearness * nearness;
    }
    return Math.sqrt(sum);
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
