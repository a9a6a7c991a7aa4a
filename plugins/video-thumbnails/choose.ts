import type { Look } from './look.ts';

interface Seen {
  atMs: number;
  look: Look;
}

/** 0 up to `from`, 1 from `to` on, smooth between (Hermite). */
function step(value: number, from: number, to: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** Of what there is to see, 0–1: black, white, blank frames, fades and title cards have little. */
const light = ({ spread, dark, bright, plain, colourfulness }: Look): number =>
  Math.min(1, spread / 45) *
  (1 - 0.97 * step(dark, 0.5, 0.95)) *
  (1 - 0.97 * step(bright, 0.5, 0.95)) *
  (1 - 0.9 * step(plain, 0.55, 0.9)) *
  (0.7 + 0.3 * Math.min(1, colourfulness / 35));

/**
 * How good each frame is to look at, 0–1, within its clip. Which frames are bad is as in Song et al., "To Click or Not To Click"
 * (CIKM 2016): dark, blurred, of one colour, or part of a transition. A dissolve shows two pictures at half their contrast, so
 * it loses by spread and sharpness to the frames before and after. Sharpness is measured against the sharpest frame that shows something: lettering
 * on a card is sharper than any scene.
 */
export function qualities(looks: readonly Look[]): number[] {
  const lit = looks.map(light);
  const most = Math.max(...lit);
  const sharpest = Math.max(1e-6, ...looks.filter((_look, i) => lit[i]! >= most / 2).map(({ sharpness }) => sharpness));
  return looks.map(({ sharpness }, i) => lit[i]! * Math.min(1, (sharpness / sharpest) ** 0.35));
}

/** What has so much less to see than the best frame of its clip shows nothing: black, white, the middle of a fade. */
const NOTHING = 0.1;

/** Which of the frames show something. In a clip that is black all over, all do. */
export function showing(looks: readonly Look[]): boolean[] {
  const lit = looks.map(light);
  const least = NOTHING * Math.max(...lit);
  return lit.map((value) => value >= least);
}

/** Likeness to what the good frames show on the whole, 0–1: the intersection of their colours (Swain and Ballard 1991). */
function typical(looks: readonly Look[], weights: readonly number[]): number[] {
  const total = Math.max(
    1e-9,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
  const mean = new Float64Array(64);
  looks.forEach(({ colours }, i) => colours.forEach((share, colour) => (mean[colour]! += (share * weights[i]!) / total)));
  return looks.map(({ colours }) => colours.reduce((sum, share, colour) => sum + Math.min(share, mean[colour]!), 0));
}

/** The very beginning and end are openings, credits and hands that reach for the button. */
const placed = (atMs: number, durationMs: number): number => {
  const share = atMs / Math.max(1, durationMs);
  return 0.8 + 0.2 * Math.min(step(share, 0, 0.05), step(1 - share, 0, 0.05));
};

/** How fit each frame is to stand for its clip, 0–1: good to look at, typical of it, not at its very ends. */
export function posterScores(frames: readonly Seen[], durationMs: number): { poster: number; quality: number }[] {
  const looks = frames.map(({ look }) => look);
  const good = qualities(looks);
  const like = typical(looks, good);
  return frames.map(({ atMs }, i) => ({
    quality: good[i]!,
    poster: good[i]! * (0.4 + 0.6 * like[i]!) * placed(atMs, durationMs),
  }));
}

/** Spans of equal length over the clip, each as [from, to) in milliseconds. */
export const spans = (durationMs: number, count: number): [fromMs: number, toMs: number][] =>
  Array.from({ length: count }, (_none, i) => [
    (durationMs * i) / count,
    i + 1 === count ? Infinity : (durationMs * (i + 1)) / count,
  ]);

export const within =
  ([fromMs, toMs]: readonly [number, number]) =>
  ({ atMs }: { atMs: number }): boolean =>
    atMs >= fromMs && atMs < toMs;

/**
 * Frames over the clip, in order: the best one of each of `count` spans, then, where spans have none that shows something, the best of those left that do.
 * Fewer where fewer show something: a black one among them helps nobody.
 */
export function overClip<F extends { atMs: number; quality: number }>(
  frames: readonly F[],
  durationMs: number,
  count: number,
): F[] {
  const best = (some: readonly F[]): F | undefined =>
    some.reduce<F | undefined>((top, frame) => (top && top.quality >= frame.quality ? top : frame), undefined);
  const least = NOTHING * (best(frames)?.quality ?? 0);
  const good = frames.filter(({ quality }) => quality >= least);
  const chosen = new Set(spans(durationMs, count).flatMap((span) => best(good.filter(within(span))) ?? []));
  while (chosen.size < Math.min(count, good.length)) {
    const next = best(good.filter((frame) => !chosen.has(frame)));
    if (!next) break;
    chosen.add(next);
  }
  return [...chosen].sort((a, b) => a.atMs - b.atMs);
}
