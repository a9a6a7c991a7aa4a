import { grown } from './grown.ts';

/** A list of numbers per row, all in one array. A row that changes leaves a gap; when gaps make up half, the array is packed anew. */
export class Lists<T extends Uint32Array<ArrayBuffer> | Int16Array<ArrayBuffer>> {
  start = new Uint32Array(0);
  length = new Uint16Array(0);
  items: T;
  #end = 0;
  #gaps = 0;

  constructor(empty: T) {
    this.items = empty;
  }

  set(row: number, values: readonly number[]): void {
    this.start = grown(this.start, row + 1);
    this.length = grown(this.length, row + 1);
    const before = this.length[row] ?? 0;
    if (values.length > before) {
      this.#gaps += before;
      this.items = grown(this.items, this.#end + values.length);
      this.start[row] = this.#end;
      this.#end += values.length;
    } else {
      this.#gaps += before - values.length;
    }
    this.items.set(values, this.start[row] ?? 0);
    this.length[row] = values.length;
    if (this.#gaps > 4096 && this.#gaps > this.#end / 2) this.#pack();
  }

  #pack(): void {
    const packed = new (this.items.constructor as new (length: number) => T)(this.#end - this.#gaps);
    let end = 0;
    for (let row = 0; row < this.start.length; row++) {
      const start = this.start[row] ?? 0;
      const length = this.length[row] ?? 0;
      packed.set(this.items.subarray(start, start + length), end);
      this.start[row] = end;
      end += length;
    }
    this.items = packed;
    this.#end = end;
    this.#gaps = 0;
  }
}
