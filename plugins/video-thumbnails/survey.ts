import type { FileHandle } from 'node:fs/promises';
import { PermanentError } from '../sdk/index.ts';
import { showing, spans, within } from './choose.ts';
import { type Look, lookOf } from './look.ts';
import { ROUNDED_MS } from './filters.ts';
import { type Frame, MOST_POSITIONS, type Pass, SMALL_EDGE, type Source, type VideoReader } from './reader.ts';

/** Of clips up to this length every keyframe is looked at; longer ones are looked into here and there. */
const SHORT_MS = 600_000;
/** So much of a longer one is read, to learn its frame rate and whether it is as long as it says. */
const GLIMPSE_MS = 60_000;
/** Places of a long clip that are looked at. */
const LOOKS = 24;
/** A pass that ended so long before it had to has come to the end of the clip. */
const SLACK_MS = 1000;
/** Milliseconds that may be decoded to fill gaps one by one; beyond that, one pass over all is cheaper. */
const FILL_MS = 10_000;
/** How far into an empty span a frame is taken, at most: all from the keyframe before it has to be decoded. */
const INTO_MS = 500;
/** Pixels that a pass over all frames may decode: five minutes of 1080p at 25 frames per second, some 20 s of one core. */
const PASS_PIXELS = 15e9;
const USUAL_PIXELS = 1920 * 1080;

/** What a clip is, and frames over it in order. */
export interface Survey {
  /** Of what was looked at, where nothing tells how long the clip is. */
  durationMs: number;
  /** Whether it is the clip's own. */
  known: boolean;
  codec: string;
  /** Frames per second, on average; two decimals. */
  fps: number;
  frames: (Frame & { look: Look })[];
}

interface Begun extends Omit<Survey, 'fps' | 'known' | 'frames'> {
  pass: Pass;
  frames: Frame[];
}

const ended = ({ endMs, count, cut }: Pass, withinMs: number): boolean => !cut && count > 0 && endMs < withinMs - SLACK_MS;

/** The header's word counts where the frames bear it out: sound often ends a little later. */
function durationOf({ headerMs, endMs }: Pass, complete: boolean): number {
  if (headerMs === undefined) return endMs;
  return !complete || Math.abs(headerMs - endMs) <= Math.max(SLACK_MS, endMs / 50) ? headerMs : endMs;
}

async function longClip(reader: VideoReader, source: Source, durationMs: number, signal: AbortSignal): Promise<Begun> {
  const pass = await reader.pass(source, { take: 'keyframes', withinMs: GLIMPSE_MS }, signal);
  if (ended(pass, GLIMPSE_MS)) return { pass, codec: pass.codec, durationMs: pass.endMs, frames: pass.frames };
  const atMs = spans(durationMs, LOOKS).map(([fromMs]) => Math.round(fromMs + durationMs / LOOKS / 2));
  const smalls = await reader.frames(source, { atMs, edge: SMALL_EDGE, keyframes: true }, signal);
  const frames = smalls.flatMap((small, i): Frame[] => (small ? [{ atMs: atMs[i]!, key: true, small }] : []));
  if (frames.length >= LOOKS / 2) return { pass, codec: pass.codec, durationMs, frames };
  const more = await reader.pass(source, { take: 'keyframes', withinMs: SHORT_MS }, signal);
  return { pass: more, codec: more.codec, durationMs: durationOf(more, ended(more, SHORT_MS)), frames: more.frames };
}

async function begin(reader: VideoReader, source: Source, scratch: FileHandle, signal: AbortSignal): Promise<Begun> {
  const pass = await reader.pass(source, { take: 'keyframes', withinMs: SHORT_MS, unlessLonger: true, scratch }, signal);
  if (pass.tooLong && pass.headerMs !== undefined) return longClip(reader, source, pass.headerMs, signal);
  return { pass, codec: pass.codec, durationMs: durationOf(pass, ended(pass, SHORT_MS)), frames: pass.frames };
}

/** Frames of a clip whose keyframes are too few to show it, from a pass that decodes most of its frames. */
async function allOver(reader: VideoReader, source: Source, begun: Begun, wanted: number, signal: AbortSignal): Promise<Frame[]> {
  const { pass, durationMs, frames } = begun;
  const whole = frames.find((frame) => frame.whole)?.whole;
  const pixelsPerMs = (pass.count / Math.max(1, pass.endMs)) * (whole ? whole.width * whole.height : USUAL_PIXELS);
  const withinMs = Math.min(SHORT_MS, PASS_PIXELS / Math.max(1e-9, pixelsPerMs));
  const everyMs = pass.count <= 2 * wanted ? 0 : durationMs / (3 * wanted);
  return (await reader.pass(source, { take: { everyMs }, withinMs }, signal)).frames;
}

/** Fewer moments than are wanted will do, at the cost of none that is sought, where they are more than half of that and spread over the clip. */
const fewest = (wanted: number): number => Math.floor(wanted / 2) + 1;

/** Of so many spans, those that have no frame, and, where fewer frames than that show something, those that have none of them. */
function emptySpans(
  { durationMs, frames }: Pick<Survey, 'durationMs' | 'frames'>,
  count: number,
): [fromMs: number, toMs: number][] {
  const shows = showing(frames.map(({ look }) => look));
  const good = frames.filter((_frame, i) => shows[i]);
  const enough = good.length < count ? good : frames;
  return spans(durationMs, count).filter((span) => !enough.some(within(span)));
}

/** Frames for the spans of the clip that have none, where there are so few that it takes another look. */
async function fill(
  reader: VideoReader,
  source: Source,
  begun: Begun & Pick<Survey, 'frames'>,
  wanted: number,
  signal: AbortSignal,
): Promise<Frame[]> {
  const { durationMs, frames, pass } = begun;
  if (pass.cut || pass.count <= frames.length) return [];
  if (emptySpans(begun, fewest(wanted)).length === 0) return [];
  const empty = emptySpans(begun, wanted);
  const atMs = empty.map(([fromMs]) => fromMs + Math.min(durationMs / wanted / 4, INTO_MS));
  const before = (ms: number): number => frames.reduce((latest, { atMs: at }) => (at <= ms ? Math.max(latest, at) : latest), 0);
  const decodedMs = atMs.reduce((sum, ms) => sum + ms - before(ms), 0);
  if (atMs.length === 0) return [];
  if (decodedMs > FILL_MS || atMs.length > MOST_POSITIONS || durationMs < FILL_MS)
    return allOver(reader, source, begun, wanted, signal);
  const smalls = await reader.frames(source, { atMs, edge: SMALL_EDGE, keyframes: false }, signal);
  return smalls.flatMap((small, i): Frame[] => (small ? [{ atMs: atMs[i]!, key: false, small }] : []));
}

const looked = (frames: readonly Frame[]): (Frame & { look: Look })[] =>
  frames.map((frame) => ({ ...frame, look: lookOf(frame.small) }));

/** Some decoders give their last keyframe when the clip is over, and that time with it. */
function inTime({ pass: { endMs }, durationMs, frames }: Begun): Frame[] {
  const early = frames.filter(({ atMs }) => atMs < Math.max(endMs, durationMs) - ROUNDED_MS);
  return early.length > 0 ? early : frames;
}

/** In order of time, one for each millisecond, all of the first one's size: a clip may change it on the way. */
function ordered<F extends Frame>(frames: readonly F[]): F[] {
  const byTime = frames.toSorted((a, b) => a.atMs - b.atMs || Number(b.key) - Number(a.key));
  const first = byTime[0]?.small;
  return byTime
    .filter(({ atMs }, i) => i === 0 || Math.round(atMs) > Math.round(byTime[i - 1]!.atMs))
    .filter(({ small }) => small.width === first?.width && small.height === first.height);
}

/**
 * Looks over a clip, with `wanted` frames at the least where it has as many. Whole frames may be left in the scratch file.
 * @throws PermanentError where none can be decoded.
 */
export async function survey(
  reader: VideoReader,
  source: Source,
  { wanted, scratch }: { wanted: number; scratch: FileHandle },
  signal: AbortSignal,
): Promise<Survey> {
  const begun = await begin(reader, source, scratch, signal);
  signal.throwIfAborted();
  const { pass, codec, durationMs } = begun;
  const seen = looked(inTime(begun));
  const frames = ordered([...seen, ...looked(await fill(reader, source, { ...begun, frames: seen }, wanted, signal))]);
  signal.throwIfAborted();
  if (frames.length === 0) throw new PermanentError('The video is damaged or empty: not one of its frames can be decoded');
  const readMs = pass.endMs - pass.firstMs;
  const fps = readMs > 0 ? Math.round((100_000 * pass.count) / readMs) / 100 : 0;
  const known = pass.headerMs !== undefined || ended(pass, SHORT_MS);
  return { durationMs: Math.max(1, Math.round(durationMs)), known, codec: codec || 'unknown', fps, frames };
}
