// @ts-check
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { refreshEnrichers } from '../enrichers.js';
import { onEvent } from '../events.js';
import { read } from '../server.js';

/** @typedef {import('../types.d.ts').MeshNode} MeshNode */
/** @typedef {import('../types.d.ts').Work} Work */

export const nodes = signal(/** @type {MeshNode[] | undefined} */ (undefined));
export const work = signal(/** @type {Work | undefined} */ (undefined));
export const trouble = signal(/** @type {import('../server.js').ServerError | undefined} */ (undefined));
/** Rises when something has come into the quarantine, or has gone from it. */
export const quarantineChanges = signal(0);

/** Whether something has come into the quarantine since: what went from it and came back between two looks changes no number. */
let entered = false;

/** How often the server is asked while somebody looks, in ms: at rest, and while there is work. */
const rhythm = { rest: 5000, work: 1500 };

async function look() {
  try {
    const [found, todo] = await Promise.all([read('/api/nodes'), read('/api/work'), refreshEnrichers()]);
    const before = work.peek()?.enrichments.quarantined;
    nodes.value = found.items;
    work.value = todo;
    trouble.value = undefined;
    if (entered || (before !== undefined && before !== todo.enrichments.quarantined)) quarantineChanges.value++;
    entered = false;
  } catch (error) {
    trouble.value = /** @type {import('../server.js').ServerError} */ (error);
  }
}

export const lookNow = () => void look();

/** Keeps nodes, lanes and enrichers as they are on the server, while somebody looks. */
export function useWatch() {
  useEffect(() => {
    let timer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
    let over = false;
    const round = async () => {
      if (!document.hidden) await look();
      const { pending = 0, running = 0 } = work.peek()?.enrichments ?? {};
      if (!over) timer = setTimeout(round, pending + running > 0 ? rhythm.work : rhythm.rest);
    };
    void round();
    const leave = onEvent((name, { quarantined }) => {
      if (quarantined) entered = true;
      if (name === 'reset') lookNow();
    });
    return () => {
      over = true;
      clearTimeout(timer);
      leave();
    };
  }, []);
}
