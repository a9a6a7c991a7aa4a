/** The first `most` of many, in order: what sorting all of them and cutting would give, without sorting all of them. */
export function firstOf<T>(all: Iterable<T>, compare: (a: T, b: T) => number, most: number): T[] {
  const first: T[] = [];
  for (const one of all) {
    const last = first[most - 1];
    if (last !== undefined && compare(one, last) >= 0) continue;
    let low = 0;
    for (let high = first.length; low < high;) {
      const middle = (low + high) >> 1;
      if (compare(one, first[middle]!) < 0) high = middle;
      else low = middle + 1;
    }
    first.splice(low, 0, one);
    if (first.length > most) first.pop();
  }
  return first;
}
