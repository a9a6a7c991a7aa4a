/** A map, or what is changed of another one: what is written here is seen here alone, and costs no copy. */
export class Layer<V> {
  #below: Layer<V> | undefined;
  /** With a layer below, undefined is what was taken away here. */
  #own = new Map<string, V | undefined>();
  /** Entries more than the layer below has. */
  #more = 0;

  constructor(below?: Layer<V>) {
    this.#below = below;
  }

  get size(): number {
    return this.#more + (this.#below?.size ?? 0);
  }

  get(key: string): V | undefined {
    const own = this.#own.get(key);
    return own !== undefined || this.#below === undefined || this.#own.has(key) ? own : this.#below.get(key);
  }

  /** Whether what stands under this key was written here. */
  owns(key: string): boolean {
    return this.#own.get(key) !== undefined;
  }

  set(key: string, value: V): void {
    if (this.get(key) === undefined) this.#more += 1;
    this.#own.set(key, value);
  }

  delete(key: string): void {
    if (this.get(key) === undefined) return;
    this.#more -= 1;
    if (this.#below) this.#own.set(key, undefined);
    else this.#own.delete(key);
  }

  *values(): Generator<V> {
    if (this.#below) for (const [key, value] of this.#below.entries()) if (!this.#own.has(key)) yield value;
    for (const value of this.#own.values()) if (value !== undefined) yield value;
  }

  *entries(): Generator<[string, V]> {
    if (this.#below) for (const entry of this.#below.entries()) if (!this.#own.has(entry[0])) yield entry;
    for (const [key, value] of this.#own) if (value !== undefined) yield [key, value];
  }
}
