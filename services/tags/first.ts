/** Keeps the first `most` of what is added, in order: what sorting all of it and cutting would give, without keeping all of it. */
export class First<T> {
  readonly items: T[] = [];
  /** All that were added. */
  seen = 0;
  #compare: (a: T, b: T) => number;
  #most: number;

  constructor(compare: (a: T, b: T) => number, most: number) {
    this.#compare = compare;
    this.#most = most;
  }

  add(one: T): void {
    this.seen += 1;
    const last = this.items[this.#most - 1];
    if (last !== undefined && this.#compare(one, last) >= 0) return;
    let low = 0;
    for (let high = this.items.length; low < high;) {
      const middle = (low + high) >> 1;
      if (this.#compare(one, this.items[middle]!) < 0) high = middle;
      else low = middle + 1;
    }
    this.items.splice(low, 0, one);
    if (this.items.length > this.#most) this.items.pop();
  }
}
