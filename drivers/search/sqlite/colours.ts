import { SearchError, type WeightedColor } from '../port.ts';
import type { Column, Counted, Test } from './column.ts';
import { Lists } from './lists.ts';
import { flatUnit, isFlat, type StoredValue } from './stored.ts';

export type Wish = Omit<WeightedColor, 'weight'>;

/** OKLab distance beyond which a colour is another one: from black to white it is 1, from a strong red to orange about 0.15. */
const reach = 0.25;
/** OKLab distance at which nearness has fallen to about a half. Two colours side by side can be told apart from about 0.02. */
const half = 0.03;
/** What a wished colour that is missing altogether counts as. */
const missing = 0.001;

const farthest = reach / flatUnit;
const reachSquare = (reach / flatUnit) ** 2;
const halfSquare = (half / flatUnit) ** 2;

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
    for (const wish of wishes) this.#multiply(rows, wish, scores);
    const none = wishes.reduce((product) => product * missing, 1);
    const near = new Uint32Array(rows.length);
    let n = 0;
    for (let i = 0; i < rows.length; i++) if (scores[rows[i]!]! > none) near[n++] = rows[i]!;
    return near.subarray(0, n);
  }

  #multiply(rows: Uint32Array, wish: Wish, scores: Float64Array): void {
    const { start, length, items } = this.#lists;
    const l = Math.round(wish.l / flatUnit);
    const a = Math.round(wish.a / flatUnit);
    const b = Math.round(wish.b / flatUnit);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const from = start[row]!;
      const to = from + length[row]!;
      let sum = 0;
      for (let k = from; k + 3 < to; k += 4) {
        const dl = items[k]! - l;
        // Most are told apart by lightness alone.
        if (dl > farthest || dl < -farthest) continue;
        const da = items[k + 1]! - a;
        const db = items[k + 2]! - b;
        const square = dl * dl + da * da + db * db;
        if (square >= reachSquare) continue;
        const nearness = (1 - square / reachSquare) / (1 + square / halfSquare);
        sum += items[k + 3]! * nearness * nearness;
      }
      scores[row] = scores[row]! * (sum > 0 ? Math.sqrt(sum * flatUnit) + missing : missing);
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
