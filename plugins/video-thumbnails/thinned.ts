/**
 * Keeps items as they come, evenly over all that came, and fewer than twice `most` of them however many do: whenever there are that many,
 * every second one goes, and of those to come every second one is passed over. Each is kept with its number.
 */
export function thinned<T>(most: number) {
  let kept: { number: number; item: T }[] = [];
  let every = 1;
  let count = 0;
  return {
    add(item: T): void {
      const number = count++;
      if (number % every === 0) kept.push({ number, item });
      if (kept.length < 2 * most) return;
      every *= 2;
      kept = kept.filter((one) => one.number % every === 0);
    },
    kept: (): readonly { number: number; item: T }[] => kept,
  };
}
