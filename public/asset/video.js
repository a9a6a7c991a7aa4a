// @ts-check
import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { fileOf } from '../library/card.js';
import { ask } from '../server.js';
import { clock } from '../words.js';
import { spread, tileAt, tilesOf } from './storyboard.js';

/** @typedef {import('./storyboard.js').Tile} Tile */
/** @typedef {import('../types.d.ts').Asset} Asset */
/** @typedef {import('../types.d.ts').Variant} Sheet */

/** A video, and below it its frames in a row to find a moment by. @param {{ asset: Asset, frame: Record<string, string | number> }} props */
export function Video({ asset, frame }) {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const [seconds, setSeconds] = useState(0);
  const [unplayable, setUnplayable] = useState(false);
  const tiles = useTiles(fileOf(asset, 'storyboardVtt'));
  const sheet = asset.variants.find(({ name }) => name === 'storyboard');
  const duration = (asset.durationMs ?? 0) / 1000;
  const seek = (/** @type {number} */ to) => {
    const within = Math.max(0, Math.min(duration, to));
    if (video.current) video.current.currentTime = within;
    setSeconds(within);
  };
  return html`<div class="video">
    <div class="video-frame" data-strip=${tiles.length > 0} style=${frame}>
      <video
        ref=${video}
        controls
        playsinline
        loop=${duration < 10}
        preload="metadata"
        poster=${fileOf(asset, 'poster')}
        src=${`/media/${asset.id}`}
        onTimeUpdate=${() => setSeconds(video.current?.currentTime ?? 0)}
        onError=${() => setUnplayable(true)}
      ></video>
      ${tiles.length > 0 && sheet && html`<${Strip} tiles=${tiles} sheet=${sheet} seconds=${seconds} duration=${duration} onSeek=${seek} />`}
      ${unplayable && html`<p class="soft">This browser cannot play it. The file itself can be downloaded below.</p>`}
    </div>
  </div>`;
}

/** @param {string | undefined} url */
function useTiles(url) {
  const [tiles, setTiles] = useState(/** @type {Tile[]} */ ([]));
  useEffect(() => {
    setTiles([]);
    if (!url) return;
    const leave = new AbortController();
    ask(url, { signal: leave.signal })
      .then((answer) => answer.text())
      .then(
        (vtt) => setTiles(tilesOf(vtt)),
        () => undefined,
      );
    return () => leave.abort();
  }, [url]);
  return tiles;
}

/** A part of the sheet, as high as is said. @param {Tile} tile @param {Sheet} sheet @param {number} height px */
function tileStyle(tile, sheet, height) {
  const scale = height / tile.height;
  return {
    width: `${tile.width * scale}px`,
    height: `${height}px`,
    backgroundImage: `url(${sheet.url})`,
    backgroundPosition: `${-tile.x * scale}px ${-tile.y * scale}px`,
    backgroundSize: `${(sheet.width ?? 0) * scale}px ${(sheet.height ?? 0) * scale}px`,
  };
}

/** @param {{ tiles: Tile[], sheet: Sheet, seconds: number, duration: number, onSeek: (seconds: number) => void }} props */
function Strip({ tiles, sheet, seconds, duration, onSeek }) {
  const strip = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [width, setWidth] = useState(0);
  const [over, setOver] = useState(/** @type {number | undefined} */ (undefined));
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(strip.current?.clientWidth ?? 0));
    if (strip.current) observer.observe(strip.current);
    return () => observer.disconnect();
  }, []);
  const first = /** @type {Tile} */ (tiles[0]);
  const high = 48;
  const many = Math.max(1, Math.ceil(width / ((first.width / first.height) * high)));
  const at = (/** @type {PointerEvent} */ { clientX }) => {
    const { left, width: whole } = /** @type {HTMLDivElement} */ (strip.current).getBoundingClientRect();
    return Math.max(0, Math.min(1, (clientX - left) / whole)) * duration;
  };
  const shown = over === undefined ? undefined : tileAt(tiles, over);
  const share = (/** @type {number} */ time) => `${duration > 0 ? (time / duration) * 100 : 0}%`;

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const step = Math.max(0.5, duration / 60);
    const to = { ArrowRight: seconds + step, ArrowLeft: seconds - step, Home: 0, End: duration }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSeek(to);
  }

  return html`<div
    ref=${strip}
    class="strip"
    role="slider"
    tabindex="0"
    aria-label="Moment of the video"
    aria-valuemin="0"
    aria-valuemax=${Math.round(duration)}
    aria-valuenow=${Math.round(seconds)}
    aria-valuetext=${`${clock(seconds * 1000)} of ${clock(duration * 1000)}`}
    onKeyDown=${onKeyDown}
    onPointerDown=${(/** @type {PointerEvent} */ event) => {
      strip.current?.setPointerCapture(event.pointerId);
      onSeek(at(event));
    }}
    onPointerMove=${(/** @type {PointerEvent} */ event) => {
      setOver(at(event));
      if (event.buttons === 1) onSeek(at(event));
    }}
    onPointerLeave=${() => setOver(undefined)}
  >
    <div class="frames" aria-hidden="true">
      ${spread(tiles, many).map((tile, index) => html`<span key=${index} style=${tileStyle(tile, sheet, high)}></span>`)}
    </div>
    <span class="now" style=${{ left: share(seconds) }}></span>
    ${
      shown &&
      over !== undefined &&
      html`<div class="preview" style=${{ left: share(over) }}>
        <span style=${tileStyle(shown, sheet, 96)}></span><time>${clock(over * 1000)}</time>
      </div>`
    }
  </div>`;
}
