import type { Ids } from './ids.ts';
import { compareKeys, type Key, type Rank } from './order.ts';

/** Rows looked at in one step: less than a millisecond's work. */
const stride = 1024;

/** Rows in order, with the keys they were ordered by: these may change meanwhile. */
export interface Ranked {
  rows: Uint32Array;
  /** Of the row at this place in the order. */
  keys(place: number): Key[];
}

/** Orders rows by ranks, then by id, in short steps. Each row counts as what it is when it is first looked at. */
export function* ranked(rows: Uint32Array, ranks: readonly Rank[], ids: Ids): Generator<void, Ranked> {
  const columns = ranks.map(({ descending }): { keys: Key[]; descending: boolean } => ({ keys: [], descending }));
  for (let i = 0; i < rows.length; i++) {
    if (i % stride === 0) yield;
    for (const [k, rank] of ranks.entries()) columns[k]!.keys.push(rank.key(rows[i]!));
  }
  const compare = (a: number, b: number): number => {
    for (const { keys, descending } of columns) {
      const difference = compareKeys(keys[a]!, keys[b]!, descending);
      if (difference !== 0) return difference;
    }
    return ids.compare(rows[a]!, rows[b]!);
  };
  const order = yield* sorted(rows.length, compare);
  return {
    rows: order.map((at) => rows[at]!),
    keys: (place) => columns.map(({ keys }) => keys[order[place]!]!),
  };
}

/** The numbers from 0 to less than `count` in order: short runs are sorted at once, then merged two by two. */
function* sorted(count: number, compare: (a: number, b: number) => number): Generator<void, Uint32Array> {
  let from = Uint32Array.from({ length: count }, (_, i) => i);
  let to = new Uint32Array(count);
  for (let start = 0; start < count; start += stride) {
    yield;
    from.subarray(start, start + stride).sort(compare);
  }
  for (let run = stride; run < count; run *= 2) {
    for (let at = 0, left = 0, right = 0; at < count; at++) {
      if (at % stride === 0) yield;
      if (at % (2 * run) === 0) [left, right] = [at, Math.min(at + run, count)];
      const start = at - (at % (2 * run));
      const middle = Math.min(start + run, count);
      const end = Math.min(start + 2 * run, count);
      const takesLeft = right >= end || (left < middle && compare(from[left]!, from[right]!) <= 0);
      to[at] = from[takesLeft ? left++ : right++]!;
    }
    [from, to] = [to, from];
  }
  return from;
}
