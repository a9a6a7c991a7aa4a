/** Memory that is used again from picture to picture and grows to the largest. Its content is of no one after a call. */
export function scratch<T>(make: (length: number) => T & { length: number }): (length: number) => T {
  let kept = make(0);
  return (length) => {
    if (kept.length < length) kept = make(length);
    return kept;
  };
}
