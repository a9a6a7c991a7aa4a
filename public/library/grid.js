// @ts-check
import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { route } from '../address.js';
import { moved } from './flight.js';
import { found } from './found.js';
import { Layout } from './layout.js';
import { Picture } from './picture.js';

/** Heights of rows and gaps between pictures, in px, by the width of the page. */
const measureOf = (/** @type {number} */ width) => ({
  width,
  target: width < 600 ? 132 : width < 1100 ? 190 : 232,
  gap: width < 600 ? 3 : 6,
});
/** So much above and below the view is drawn as well, in views; and so far from the end the next page is asked for. */
const beyond = { above: 0.75, below: 1.25, more: 3 };

/** The pictures: rows as wide as the page, of which only those near the view are in the document. */
export function Grid() {
  const results = found.value;
  const version = results.version.value;
  const list = useRef(/** @type {HTMLUListElement | null} */ (null));
  const [width, setWidth] = useState(0);
  const [current, setCurrent] = useState(0);
  const [rows, setRows] = useState(/** @type {import('./layout.js').Row[]} */ ([]));
  const layout = useMemo(() => (width > 0 ? new Layout(measureOf(width), results.ratios) : undefined), [results, width]);
  layout?.extend();

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => setWidth(list.current?.clientWidth ?? 0));
    if (list.current) observer.observe(list.current);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (!layout) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      const top = -(list.current?.getBoundingClientRect().top ?? 0);
      const view = window.innerHeight;
      moved(top);
      const near = layout.between(top - view * beyond.above, top + view * (1 + beyond.below));
      setRows((before) => (same(before, near) ? before : near));
      results.want(near[0]?.first ?? 0, near.at(-1)?.end ?? 0);
      if (top + view * (1 + beyond.more) > layout.height) void results.more();
    };
    const onScroll = () => (frame ||= requestAnimationFrame(look));
    look();
    addEventListener('scroll', onScroll, { passive: true });
    addEventListener('resize', onScroll);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', onScroll);
      removeEventListener('resize', onScroll);
    };
  }, [layout, results, version]);

  useEffect(() => setCurrent(0), [results.query]);

  // Who comes back from a picture goes on from there.
  const at = route.value;
  const opened = useRef('');
  if (at.view === 'asset') opened.current = at.id;
  useEffect(() => {
    const index = at.view === 'library' ? results.indexOf(opened.current) : -1;
    if (index >= 0) focus(index);
    if (at.view === 'library') opened.current = '';
  }, [at.view]);

  /** @param {number} index */
  function focus(index) {
    const row = layout?.rowOf(index);
    if (!row || !list.current) return;
    setCurrent(index);
    const offset = list.current.getBoundingClientRect().top + window.scrollY;
    const header = 120;
    const [top, bottom] = [row.top + offset - header, row.top + row.height + offset + 24 - window.innerHeight];
    if (window.scrollY > top || window.scrollY < bottom) window.scrollTo({ top: window.scrollY > top ? top : bottom });
    // What was out of view is drawn first.
    requestAnimationFrame(() => requestAnimationFrame(() => linkOf(index)?.focus({ preventScroll: true })));
  }
  const linkOf = (/** @type {number} */ index) =>
    /** @type {HTMLAnchorElement | null | undefined} */ (list.current?.querySelector(`[data-index="${index}"]`));

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (!layout || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = layout.length - 1;
    const moves = {
      ArrowRight: current + 1,
      ArrowLeft: current - 1,
      ArrowDown: layout.beside(current, 1),
      ArrowUp: layout.beside(current, -1),
      Home: 0,
      End: last,
    };
    const to = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (to === undefined) return;
    event.preventDefault();
    focus(Math.max(0, Math.min(last, to)));
  }

  const total = results.total.value ?? 0;
  const drawn = layout ? withRowOf(layout, rows, current) : [];
  return html`<ul
    id="pictures"
    class="grid"
    ref=${list}
    style=${{ height: `${layout?.height ?? 0}px` }}
    aria-label="Pictures and videos"
    onKeyDown=${onKeyDown}
    onFocusIn=${(/** @type {FocusEvent} */ { target }) =>
      target instanceof HTMLElement && target.dataset['index'] && setCurrent(Number(target.dataset['index']))}
  >
    ${
      layout &&
      drawn
        .flatMap((row) => layout.places(row))
        .map((place) => {
          const card = results.at(place.index);
          return html`<${Picture}
            key=${card?.id ?? place.index}
            card=${card}
            place=${place}
            total=${total}
            current=${place.index === current}
          />`;
        })
    }
  </ul>`;
}

/** @param {readonly import('./layout.js').Row[]} a @param {readonly import('./layout.js').Row[]} b */
const same = (a, b) => a.length === b.length && a.every((row, index) => row === b[index]);

/**
 * The row that has the focus stays in the document, or the focus would be lost.
 * @param {Layout} layout
 * @param {readonly import('./layout.js').Row[]} rows
 * @param {number} current
 */
function withRowOf(layout, rows, current) {
  const row = layout.rowOf(current);
  // After a change of width the rows that were in view are those of the layout before.
  const here = rows.filter((one) => layout.rowOf(one.first) === one);
  if (!row || here.includes(row)) return here;
  return row.first < (here[0]?.first ?? 0) ? [row, ...here] : [...here, row];
}
