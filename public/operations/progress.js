// @ts-check
/** How fast work goes, from counts that are looked at now and then: without the page. */

/** @typedef {{ at: number, left: number }} Look at: ms since the epoch; left: what is still to do */

/** Looks of so long, in ms, are what the pace is taken from. */
const span = 60_000;

/** The looks that still count, with a new one; work that has come anew begins again. @param {readonly Look[]} looks @param {Look} look @returns {Look[]} */
export function withLook(looks, look) {
  const last = looks.at(-1);
  if (last && look.left > last.left) return [look];
  return [...looks.filter(({ at }) => at > look.at - span), look];
}

/** How long what is left will take, in ms; undefined while that cannot be said. @param {readonly Look[]} looks */
export function timeLeft(looks) {
  const [first, last] = [looks[0], looks.at(-1)];
  if (!first || !last || last.at - first.at < 3000 || last.left >= first.left) return undefined;
  return (last.left * (last.at - first.at)) / (first.left - last.left);
}
