import { createRequire } from 'node:module';
import { type FramesWanted, type Pass, type PassOptions, ReaderMissing, type Source, type VideoReader } from './reader.ts';

/** The bindings are two packages, of which the second has FFmpeg for one kind of machine; neither is loaded to find out. */
export function bindingsThere(): boolean {
  try {
    const bindings = import.meta.resolve('node-av/lib');
    createRequire(bindings).resolve(`@seydx/node-av-${process.platform}-${process.arch}/node-av.node`);
    return true;
  } catch {
    return false;
  }
}

/** What a node needs, in words, where it has none of it. */
export const lacking = (ffmpeg: string | undefined, bindings: boolean): string | undefined =>
  (ffmpeg ?? bindings)
    ? undefined
    : 'There is no FFmpeg here: install it (for example `apt install ffmpeg`), or say by VITRAIL_FFMPEG which folder it is in';

/** Tries readers in turn, and keeps to the first that this machine has. */
export function firstOf(open: readonly (() => Promise<VideoReader>)[]): VideoReader {
  let at = 0;
  let opened: Promise<VideoReader> | undefined;
  async function first<T>(use: (reader: VideoReader) => Promise<T>): Promise<T> {
    const tried = at;
    try {
      opened ??= open[at]!();
      return await use(await opened);
    } catch (error) {
      if (!(error instanceof ReaderMissing) || tried + 1 >= open.length) throw error;
      [at, opened] = [tried + 1, undefined];
      return first(use);
    }
  }
  return {
    pass: (source: Source, options: PassOptions, signal: AbortSignal): Promise<Pass> =>
      first((reader) => reader.pass(source, options, signal)),
    frames: (source: Source, wanted: FramesWanted, signal: AbortSignal) =>
      first((reader) => reader.frames(source, wanted, signal)),
  };
}

/** The programs where they are on the PATH: the system keeps them up to date. Else the bindings that came by npm. */
export const openReader = (): VideoReader =>
  firstOf([
    async () => (await import('./programs/reader.ts')).programs,
    async () => (await import('./bindings/reader.ts')).bindings(),
  ]);
