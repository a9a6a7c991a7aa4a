import { type Distance, Likeness } from './column.ts';
import { grown } from './grown.ts';
import { isPacked, packed, type StoredValue, unpacked } from './stored.ts';

/**
 * The vectors of all rows, a byte a number: each is scaled so that its largest number is ±127, which changes its length and not
 * its angle. That is off by 0.01 at most for vectors whose largest number is not far above the others.
 */
export class VectorColumn extends Likeness {
  #length: number;
  #values = new Int8Array(0);
  /** 1 / length of the vector as it is kept; 0 where there is none. */
  #inverse = new Float32Array(0);

  constructor(length: number) {
    super();
    this.#length = length;
  }

  #bytesOf(value: unknown): Int8Array | null {
    const bytes = isPacked(value) ? unpacked(value) : Array.isArray(value) ? packed(value) : null;
    return bytes?.length === this.#length && bytes.some((byte) => byte !== 0) ? bytes : null;
  }

  set(row: number, value: StoredValue | undefined): void {
    this.#values = grown(this.#values, (row + 1) * this.#length);
    this.#inverse = grown(this.#inverse, row + 1);
    const bytes = this.#bytesOf(value);
    if (bytes) this.#values.set(bytes, row * this.#length);
    this.#inverse[row] = bytes ? inverse(bytes) : 0;
  }

  from(value: unknown): Distance | null {
    const bytes = this.#bytesOf(value);
    return bytes && this.#distance(bytes);
  }

  fromRow(row: number): Distance | null {
    const from = row * this.#length;
    return this.#inverse[row] ? this.#distance(this.#values.slice(from, from + this.#length)) : null;
  }

  #distance(bytes: Int8Array): Distance {
    const length = this.#length;
    const values = this.#values;
    const inverses = this.#inverse;
    const own = Math.fround(inverse(bytes));
    return (row) => {
      const other = inverses[row] ?? 0;
      if (other === 0) return NaN;
      let sum = 0;
      for (let i = 0, k = row * length; i < length; i++, k++) sum += bytes[i]! * values[k]!;
      return Math.min(2, Math.max(0, 1 - sum * own * other));
    };
  }
}

const inverse = (bytes: Int8Array): number => 1 / Math.sqrt(bytes.reduce((sum, byte) => sum + byte * byte, 0));
