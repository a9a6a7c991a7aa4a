import type { FileHandle } from 'node:fs/promises';
import { PermanentError, type RawPixels } from '../sdk/index.ts';

/** Longer edge, in pixels, of the frames that are looked at and shown small. */
export const SMALL_EDGE = 320;
/** Longer edge of the poster, at most: the largest size that stills are kept in. */
export const WHOLE_EDGE = 3840;
/** Frames beyond this (8K has 33 million) are refused before they are decoded: one takes 150 MB as RGB. */
export const MAX_FRAME_PIXELS = 50e6;
/** Frames that a pass keeps, about: twice as many small ones take 70 MB. */
export const PASS_FRAMES = 200;
/** Keyframes that are nearer to the one before are passed over: some codings have nothing but keyframes. */
export const KEYFRAMES_APART_MS = 250;
/** Milliseconds that a pass over a clip, and a call of `frames`, may take; what they have by then is what there is. */
export interface Limits {
  passMs: number;
  framesMs: number;
}
export const usualLimits: Limits = { passMs: 30_000, framesMs: 15_000 };
/** Positions that one call of `frames` takes, at most. */
export const MOST_POSITIONS = 32;

/** Where a file is and what reads it: `mov`, `matroska`, …, by its first bytes. Nothing else is tried on it. */
export interface Source {
  path: string;
  demuxer: string;
}

/** A frame in full size that is not in memory. */
export interface WholeFrame {
  width: number;
  height: number;
  read(): Promise<RawPixels>;
}

/** A frame as it is seen: upright, square pixels, three channels. */
export interface Frame {
  /** Milliseconds from the start of the clip. */
  atMs: number;
  /** Whether it is found again among keyframes alone. */
  key: boolean;
  small: RawPixels;
  /** The same frame in full size, where the pass had it at hand. */
  whole?: WholeFrame | undefined;
}

export interface PassOptions {
  /** Keyframes alone are decoded, or frames that are so many milliseconds apart, which needs all that others refer to. */
  take: 'keyframes' | { everyMs: number };
  /** Milliseconds of the clip that are read. */
  withinMs: number;
  /** Where the header says that the clip is longer than that (or than this reader can look through), read no frames. */
  unlessLonger?: boolean;
  /** An empty file that the driver may leave whole frames in; it is open for as long as they are. */
  scratch?: FileHandle;
}

/** What one pass over a clip tells. */
export interface Pass {
  /** It is longer than it may be, so nothing was read but the header. */
  tooLong: boolean;
  /** It took too long, so the clip goes on behind what was read. */
  cut: boolean;
  /** As the container's header says, which may lie; undefined where it says nothing. */
  headerMs: number | undefined;
  /** FFmpeg's name: `h264`, `vp9`. */
  codec: string;
  /** Frames in the part that was read, decoded or not. */
  count: number;
  /** Where the first of them begins and the last one ends, in milliseconds. */
  firstMs: number;
  endMs: number;
  frames: Frame[];
}

export interface FramesWanted {
  /** Milliseconds, `MOST_POSITIONS` at most. */
  atMs: readonly number[];
  /** Longer edge in pixels, at most. */
  edge: number;
  /** The first keyframe from there on, instead of the very frame. */
  keyframes: boolean;
}

/**
 * What the enricher needs of a decoder. Every driver passes the cases of reader.test.ts.
 * All reject with a PermanentError in words for people where the file will never do, with the signal's reason once it is aborted.
 */
export interface VideoReader {
  pass(source: Source, options: PassOptions, signal: AbortSignal): Promise<Pass>;
  /** Undefined where there is no frame any more, or finding it took too long. */
  frames(source: Source, wanted: FramesWanted, signal: AbortSignal): Promise<(RawPixels | undefined)[]>;
}

/** This machine lacks what the driver needs; the next one may do. */
export class ReaderMissing extends Error {
  override readonly name = 'ReaderMissing';
}

/** Whatever a file makes a reader do, it does not do it for ever. */
export const nothingSoFar = ({ passMs }: Limits): PermanentError =>
  new PermanentError(`The video takes too long to read: after ${passMs / 1000} s not one of its frames was there`);
