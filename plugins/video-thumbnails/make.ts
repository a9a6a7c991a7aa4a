import type { FileHandle } from 'node:fs/promises';
import type { BlobRef, EnrichContext, RawPixels } from '../sdk/index.ts';
import { overClip, posterScores } from './choose.ts';
import { demuxerOf } from './container.ts';
import { jpeg, type MadeFile, preview, PREVIEW_FRAMES, storyboard } from './files.ts';
import { type Frame, type Source, type VideoReader, WHOLE_EDGE } from './reader.ts';
import { openScratch } from './scratch.ts';
import { survey } from './survey.ts';
import { storyboardVtt } from './vtt.ts';

const POSTER_QUALITY = 85;
const THUMBNAIL_QUALITY = 80;
/** Frames that are tried for the poster in full size: the second decode of a damaged file may fail where the first did not. */
const TRIES = 3;

/** A score that is nearly the best one, as a share of it: nobody would tell the two frames apart by how good they are. */
const NEARLY = 0.9;

type Scored = Frame & { poster: number; quality: number };
type Context = Pick<EnrichContext<{ thumbnails: number }>, 'config' | 'signal' | 'put' | 'original' | 'progress'>;

/** The best frame in full size, or one nearly as good that is at hand; in its small size where that is all that can be had. */
async function posterOf(reader: VideoReader, source: Source, frames: readonly Scored[], signal: AbortSignal): Promise<RawPixels> {
  const ranked = frames.toSorted((a, b) => b.poster - a.poster);
  const near = ranked.find(({ whole, poster }) => whole && poster >= NEARLY * ranked[0]!.poster);
  const best = [...(near ? [near] : []), ...ranked].slice(0, TRIES);
  for (const { atMs, key, whole } of best) {
    if (whole) return whole.read();
    const [found] = await reader.frames(source, { atMs: [atMs], edge: WHOLE_EDGE, keyframes: key }, signal);
    signal.throwIfAborted();
    if (found) return found;
  }
  return best[0]!.small;
}

/** All outputs for a video. */
export async function makeOutputs(reader: VideoReader, context: Context) {
  const path = await context.original();
  context.signal.throwIfAborted();
  const source = { path, demuxer: await demuxerOf(path) };
  const scratch = await openScratch();
  try {
    return await made(reader, source, scratch, context);
  } finally {
    await scratch.close();
  }
}

async function made(reader: VideoReader, source: Source, scratch: FileHandle, { config, signal, put, progress }: Context) {
  signal.throwIfAborted();
  const { frames, durationMs, known, codec, fps } = await survey(reader, source, { wanted: config.thumbnails, scratch }, signal);
  progress(0.6);
  const scores = posterScores(frames, durationMs);
  const scored = frames.map((frame, i): Scored => ({ ...frame, ...scores[i]! }));
  const store = async (name: string, { data, type, ...size }: MadeFile): Promise<BlobRef> => {
    signal.throwIfAborted();
    return put(name, data, { type, ...size });
  };

  const poster = await store('poster', await jpeg(await posterOf(reader, source, scored, signal), POSTER_QUALITY));
  progress(0.8);
  const thumbnails: BlobRef[] = [];
  for (const [i, { small }] of overClip(scored, durationMs, config.thumbnails).entries())
    thumbnails.push(await store(`thumbnails-${i + 1}`, await jpeg(small, THUMBNAIL_QUALITY)));
  const { sheet, tiles } = await storyboard(frames);
  return {
    ...{ poster, thumbnails, codec, fps, ...(known && { durationMs }) },
    storyboard: await store('storyboard', sheet),
    storyboardVtt: await store('storyboardVtt', { data: storyboardVtt(tiles, durationMs, 'storyboard'), type: 'text/vtt' }),
    preview: await store('preview', await preview(overClip(scored, durationMs, PREVIEW_FRAMES).map(({ small }) => small))),
  };
}
