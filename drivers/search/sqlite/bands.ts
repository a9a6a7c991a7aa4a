import { type BitsColumn, popcount } from './bits.ts';

const bandBits = 16;
const buckets = 2 ** bandBits;

/** Every value of a band that has so many bits at most, the fewest first. */
function masks(most: number): number[] {
  const found = [0];
  for (let from = 0, round = 0; round < most; round++) {
    for (const to = found.length; from < to; from++) {
      const mask = found[from]!;
      for (let bit = 32 - Math.clz32(mask); bit < bandBits; bit++) found.push(mask | (1 << bit));
    }
  }
  return found;
}

/** One band of all rows: places by bucket, and where each bucket begins. */
interface Band {
  starts: Uint32Array;
  places: Uint32Array;
}

/**
 * Finds the rows within a distance without comparing all to all: multi-index hashing (Norouzi, Punjani, Fleet 2012). The bits are cut
 * into bands of 16. Two that differ in t bits differ in t / bands or fewer in one band at least (pigeonhole), so it is enough to
 * look there, in the buckets of nearly the same band. It works on a copy of the bits: rows that change meanwhile are no danger.
 * Rows go by their place in the list it is made from.
 */
export class Bands {
  #words: Uint32Array;
  #width: number;
  #within: number;
  #masks: readonly number[];
  #bands: Band[] = [];

  private constructor(words: Uint32Array, width: number, within: number, count: number) {
    this.#words = words;
    this.#width = width;
    this.#within = within;
    this.#masks = masks(Math.floor(within / count));
  }

  /** In steps of some milliseconds for 100,000 rows. */
  static *of({ words, width, length }: BitsColumn, rows: Uint32Array, within: number): Generator<void, Bands> {
    const copied = new Uint32Array(rows.length * width);
    for (let i = 0; i < rows.length; i++)
      for (let word = 0; word < width; word++) copied[i * width + word] = words[rows[i]! * width + word]!;
    const count = Math.ceil(length / bandBits);
    const bands = new Bands(copied, width, within, count);
    for (let band = 0; band < count; band++) {
      yield;
      bands.#bands.push(bands.#sorted(band, rows.length));
    }
    return bands;
  }

  #key(place: number, band: number): number {
    const word = this.#words[place * this.#width + (band >> 1)]!;
    return (band & 1) === 0 ? word >>> bandBits : word & (buckets - 1);
  }

  #sorted(band: number, count: number): Band {
    const starts = new Uint32Array(buckets + 1);
    for (let place = 0; place < count; place++) starts[this.#key(place, band) + 1]! += 1;
    for (let key = 0; key < buckets; key++) starts[key + 1]! += starts[key]!;
    const next = starts.slice();
    const places = new Uint32Array(count);
    for (let place = 0; place < count; place++) places[next[this.#key(place, band)]!++] = place;
    return { starts, places };
  }

  #distance(a: number, b: number): number {
    let differing = 0;
    for (let word = 0; word < this.#width; word++)
      differing += popcount(this.#words[a * this.#width + word]! ^ this.#words[b * this.#width + word]!);
    return differing;
  }

  /** Tells of every other place within the distance, in no order and some of them several times, until it is told to stop. */
  near(place: number, tell: (other: number, distance: number) => 'stop' | undefined): void {
    for (const [band, { starts, places }] of this.#bands.entries()) {
      const key = this.#key(place, band);
      for (const mask of this.#masks) {
        const to = starts[(key ^ mask) + 1]!;
        for (let i = starts[key ^ mask]!; i < to; i++) {
          const other = places[i]!;
          if (other === place) continue;
          const distance = this.#distance(place, other);
          if (distance <= this.#within && tell(other, distance) === 'stop') return;
        }
      }
    }
  }
}
