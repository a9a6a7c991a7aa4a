/** Rows that stand in both of two ascending lists. */
export function intersection(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(Math.min(a.length, b.length));
  let n = 0;
  for (let i = 0, k = 0; i < a.length && k < b.length;) {
    const x = a[i] ?? 0;
    const y = b[k] ?? 0;
    if (x === y) both[n++] = x;
    if (x <= y) i++;
    if (y <= x) k++;
  }
  return both.subarray(0, n);
}

/** Rows that stand in one of several ascending lists, ascending. */
export function union(lists: readonly Uint32Array[]): Uint32Array {
  if (lists.length < 2) return lists[0] ?? new Uint32Array(0);
  const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  all.sort();
  return all.filter((row, i) => i === 0 || row !== all[i - 1]);
}
