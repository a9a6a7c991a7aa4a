import { grown } from './grown.ts';

/** The ids of all rows as UTF-8 bytes in one array: a tenth of what as many strings would cost the garbage collector. */
export class Ids {
  #bytes = new Uint8Array(0);
  #end = 0;
  #start = new Uint32Array(0);
  #length = new Uint16Array(0);

  reserve(row: number): void {
    this.#start = grown(this.#start, row + 1);
    this.#length = grown(this.#length, row + 1);
  }

  /** A row keeps its id for good. */
  set(row: number, id: string): void {
    this.reserve(row);
    if (this.#length[row] !== 0) return;
    const bytes = Buffer.from(id);
    this.#bytes = grown(this.#bytes, this.#end + bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#start[row] = this.#end;
    this.#length[row] = bytes.length;
    this.#end += bytes.length;
  }

  #of(row: number): Uint8Array {
    const start = this.#start[row] ?? 0;
    return this.#bytes.subarray(start, start + (this.#length[row] ?? 0));
  }

  get(row: number): string {
    return Buffer.from(this.#of(row)).toString();
  }

  /** By bytes, as SQLite compares text. */
  compare(a: number, b: number): number {
    return a === b ? 0 : Buffer.compare(this.#of(a), this.#of(b));
  }

  compareTo(row: number, id: Uint8Array): number {
    return Buffer.compare(this.#of(row), id);
  }
}
