// @ts-check
/**
 * Rows of pictures of one height each, as wide as the page: the arithmetic of it, without the page.
 *
 * @typedef {object} Row
 * @property {number} top px
 * @property {number} height px
 * @property {number} first index of its first picture
 * @property {number} end index after its last
 *
 * @typedef {object} Measure
 * @property {number} width px of a row
 * @property {number} target px that a row is high, more or less
 * @property {number} gap px between pictures and between rows
 */

/** Shapes beyond these are cut at the edges, so that a row stays a row. @param {number} ratio width by height */
const shape = (ratio) => Math.min(3.2, Math.max(0.45, ratio || 1));

/** Rows of a list that grows at its end. What is laid out stays where it is, but for the last row. */
export class Layout {
  /** @type {Row[]} */
  rows = [];
  /** How many pictures are laid out. */
  length = 0;
  /** @type {readonly number[]} */
  #ratios;

  /**
   * @param {Measure} measure
   * @param {readonly number[]} ratios of the pictures, width by height: the list that grows
   */
  constructor(measure, ratios) {
    this.measure = measure;
    this.#ratios = ratios;
    this.extend();
  }

  get height() {
    const last = this.rows.at(-1);
    return last ? last.top + last.height : 0;
  }

  /** Lays out what has come since. The last row did not know of it, so it is made again. */
  extend() {
    if (this.length === this.#ratios.length) return;
    let first = this.rows.pop()?.first ?? 0;
    this.length = this.#ratios.length;
    while (first < this.length) first = this.#addRow(first);
  }

  /** The height at which these pictures fill a row. @param {number} first @param {number} end */
  #heightOf(first, end) {
    const { width, gap } = this.measure;
    const shapes = this.#ratios.slice(first, end).reduce((sum, ratio) => sum + shape(ratio), 0);
    return (width - gap * (end - first - 1)) / shapes;
  }

  /** @param {number} first */
  #addRow(first) {
    const { target, gap } = this.measure;
    let end = first + 1;
    let height = this.#heightOf(first, end);
    while (end < this.length && height > target) {
      const withNext = this.#heightOf(first, end + 1);
      // One more picture as long as that brings the row nearer to its height.
      if (withNext < target && target / withNext > height / target) break;
      height = withNext;
      end++;
    }
    // What is left at the end does not fill its row, and is not blown up to.
    if (end === this.length && height > target * 1.2) height = target;
    this.rows.push({ top: this.rows.length === 0 ? 0 : this.height + gap, height, first, end });
    return end;
  }

  /** The rows that lie between two heights. @param {number} from @param {number} to px */
  between(from, to) {
    const begin = this.#find(({ top, height }) => top + height > from);
    const end = this.#find(({ top }) => top >= to);
    return this.rows.slice(begin, end);
  }

  /** Index of the first row of which something holds, that holds of all after it. @param {(row: Row) => boolean} holds */
  #find(holds) {
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(/** @type {Row} */ (this.rows[middle]))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Where the pictures of a row stand, in px. @param {Row} row */
  places({ top, height, first, end }) {
    let left = 0;
    return this.#ratios.slice(first, end).map((ratio, offset) => {
      const width = shape(ratio) * height;
      const place = { index: first + offset, left, top, width, height };
      left += width + this.measure.gap;
      return place;
    });
  }

  /** The row that a picture stands in. @param {number} index */
  rowOf(index) {
    return this.rows[this.#find(({ end }) => end > index)];
  }

  /**
   * The picture a row above (-1) or below (1) another one, the nearest to its middle; itself at the edge.
   * @param {number} index
   * @param {-1 | 1} by
   */
  beside(index, by) {
    const at = this.#find(({ end }) => end > index);
    const [row, other] = [this.rows[at], this.rows[at + by]];
    if (!row || !other) return index;
    const middles = (/** @type {Row} */ of) =>
      this.places(of).map((place) => ({ index: place.index, x: place.left + place.width / 2 }));
    const from = middles(row).find((place) => place.index === index)?.x ?? 0;
    return middles(other).reduce((best, place) => (Math.abs(place.x - from) < Math.abs(best.x - from) ? place : best)).index;
  }
}
