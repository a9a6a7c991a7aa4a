// @ts-check
import { signal } from '@preact/signals';

/** Whether the view moves so fast that no picture can be made out. */
export const flying = signal(false);

/** From here on, in px a ms. */
const fast = 5;
/** So long after the last fast movement it is over, in ms. */
const rest = 120;

let last = { top: 0, at: 0 };
/** @type {ReturnType<typeof setTimeout> | undefined} */
let landing;

/** Notes where the view is now. @param {number} top px */
export function moved(top) {
  const now = performance.now();
  const speed = Math.abs(top - last.top) / Math.max(1, now - last.at);
  last = { top, at: now };
  if (speed < fast) return;
  flying.value = true;
  clearTimeout(landing);
  landing = setTimeout(() => (flying.value = false), rest);
}
