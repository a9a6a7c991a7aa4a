import { type BitsColumn, popcount } from '../columns/bits.ts';

/** A table of buckets for more bits than this no longer fits a processor's caches. */
const mostBits = 20;

/** Some of the bits: where they begin, how many, and in how many of them two may differ to be looked at. */
interface Band {
  from: number;
  bits: number;
  radius: number;
}

/** Places by bucket, and where each bucket begins and ends. */
interface Filed extends Band {
  starts: Uint32Array;
  ends: Uint32Array;
  places: Uint32Array;
  /** The first word of the places, in their order here: most of the time goes into reading these. */
  heads: Uint32Array;
  masks: readonly number[];
}

/** Every value of so many bits that has few set, the fewest first. */
function masks({ bits, radius }: Band): number[] {
  const found = [0];
  for (let from = 0, round = 0; round < radius; round++) {
    for (const to = found.length; from < to; from++) {
      const mask = found[from]!;
      for (let bit = 32 - Math.clz32(mask); bit < bits; bit++) found.push(mask | (1 << bit));
    }
  }
  return found;
}

/**
 * Cuts the bits into bands. Two that differ in t bits, of m bands, are within floor(t / m) in one of the first t mod m + 1, or within
 * one less in one of the others: were they not, they would differ in more than t (Norouzi, Punjani, Fleet 2012, proposition 2).
 */
function cut(length: number, within: number, count: number): Band[] {
  const radius = Math.floor(within / count);
  const narrow = Math.floor(length / count);
  const wide = length % count;
  return Array.from({ length: count }, (_, band) => ({
    from: band * narrow + Math.min(band, wide),
    bits: band < wide ? narrow + 1 : narrow,
    radius: band <= within % count ? radius : radius - 1,
  })).filter((band) => band.radius >= 0);
}

const choices = (n: number, k: number): number => (k === 0 ? 1 : (choices(n, k - 1) * (n - k + 1)) / k);

/** What it takes to look for all rows, about, in nanoseconds: to find a bucket takes as long as to compare some rows. */
function cost(bands: readonly Band[], rows: number): number {
  return bands.reduce((sum, { bits, radius }) => {
    const buckets = 2 ** bits;
    let probes = 0;
    for (let differing = 0; differing <= radius; differing++) probes += choices(bits, differing);
    return sum + buckets * 2 + rows * probes * (15 + (rows / buckets) * 3);
  }, 0);
}

/** The cut that costs least for so many rows. */
function best(length: number, within: number, rows: number): Band[] {
  let least: Band[] = [];
  for (let count = Math.ceil(length / mostBits); count <= length / 4; count++) {
    const bands = cut(length, within, count);
    if (least.length === 0 || cost(bands, rows) < cost(least, rows)) least = bands;
  }
  return least;
}

/**
 * Finds the rows within a distance without comparing all to all, by multi-index hashing: in each band, only the buckets that hold
 * nearly the same bits are looked at. It works on a copy of the bits: rows that change meanwhile are no danger. Rows go by their
 * place in the list it is made from.
 */
export class Bands {
  #words: Uint32Array;
  #width: number;
  #within: number;
  #bands: Filed[] = [];

  private constructor(words: Uint32Array, width: number, within: number) {
    this.#words = words;
    this.#width = width;
    this.#within = within;
  }

  /** In steps of some milliseconds for 100,000 rows. */
  static *of({ words, width, length }: BitsColumn, rows: Uint32Array, within: number): Generator<void, Bands> {
    const copied = new Uint32Array(rows.length * width);
    for (let i = 0; i < rows.length; i++)
      for (let word = 0; word < width; word++) copied[i * width + word] = words[rows[i]! * width + word]!;
    const bands = new Bands(copied, width, Math.floor(within));
    for (const band of best(length, bands.#within, rows.length)) {
      yield;
      bands.#bands.push(bands.#filed(band, rows.length));
    }
    return bands;
  }

  #key(place: number, { from, bits }: Band): number {
    const at = place * this.#width + (from >>> 5);
    const skipped = from & 31;
    const high = this.#words[at]! << skipped;
    const low = skipped + bits > 32 ? this.#words[at + 1]! >>> (32 - skipped) : 0;
    return (high | low) >>> (32 - bits);
  }

  #filed(band: Band, count: number): Filed {
    const sizes = new Uint32Array(2 ** band.bits);
    for (let place = 0; place < count; place++) sizes[this.#key(place, band)]! += 1;
    const starts = new Uint32Array(sizes.length);
    for (let key = 1; key < starts.length; key++) starts[key] = starts[key - 1]! + sizes[key - 1]!;
    const ends = starts.slice();
    const places = new Uint32Array(count);
    const heads = new Uint32Array(count);
    for (let place = 0; place < count; place++) {
      const at = ends[this.#key(place, band)]!++;
      places[at] = place;
      heads[at] = this.#words[place * this.#width]!;
    }
    return { ...band, starts, ends, places, heads, masks: masks(band) };
  }

  #distance(a: number, b: number): number {
    let differing = 0;
    for (let word = 0; word < this.#width; word++)
      differing += popcount(this.#words[a * this.#width + word]! ^ this.#words[b * this.#width + word]!);
    return differing;
  }

  /** Tells of every later place within the distance, in no order and some of them several times. Places are asked in turn. */
  later(place: number, tell: (other: number, distance: number) => void): void {
    const within = this.#within;
    const head = this.#words[place * this.#width]!;
    for (const band of this.#bands) {
      const { starts, ends, places, heads, masks: differing } = band;
      const key = this.#key(place, band);
      // Places stand in their bucket in turn: what is before this one will not be asked for again.
      while (starts[key]! < ends[key]! && places[starts[key]!]! <= place) starts[key]! += 1;
      for (let mask = 0; mask < differing.length; mask++) {
        const bucket = key ^ differing[mask]!;
        const to = ends[bucket]!;
        for (let i = starts[bucket]!; i < to; i++) {
          if (popcount(head ^ heads[i]!) > within) continue;
          const other = places[i]!;
          const distance = other > place ? this.#distance(place, other) : Infinity;
          if (distance <= within) tell(other, distance);
        }
      }
    }
  }
}
