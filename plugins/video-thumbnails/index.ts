import { z } from 'zod';
import { defineEnricher, field } from '../sdk/index.ts';
import { bindingsThere, lacking, openReader } from './open.ts';
import type { VideoReader } from './reader.ts';

/** The enricher with a reader of one's own, for tests of one driver. */
export const videoThumbnails = (reader: VideoReader) =>
  defineEnricher({
    name: 'video-thumbnails',
    title: 'Video thumbnails',
    description: 'Pictures of a video: a poster, frames over the clip, a storyboard and a short preview',
    version: '1.0.0',
    resultVersion: 2,
    accepts: ['video/*'],
    config: z.strictObject({ thumbnails: z.int().min(1).max(32).default(8).describe('Thumbnails over the clip') }),
    outputs: {
      poster: field.blob({ title: 'Poster', description: 'The frame that shows the clip best, in full size', still: true }),
      thumbnails: field.blobs({ title: 'Thumbnails', description: 'Frames over the clip, in order' }),
      storyboard: field.blob({ title: 'Storyboard', description: 'Small frames over the clip on one sheet' }),
      storyboardVtt: field.blob({ title: 'Storyboard cues', description: 'WebVTT: which part of the sheet shows each time' }),
      preview: field.blob({ title: 'Preview', description: 'A short animation that steps through the clip' }),
      durationMs: field.integer({ title: 'Duration', unit: 'ms', min: 0, optional: true }),
      codec: field.keyword({ title: 'Codec', description: 'The coding of the pictures: h264, vp9' }),
      fps: field.float({ title: 'Frames per second', description: 'On average', min: 0 }),
    },
    run: { concurrency: 2, timeoutMs: 180_000 },
    missing: ({ program }) => lacking(program('ffmpeg'), bindingsThere()),
    async enrich(_asset, context) {
      context.signal.throwIfAborted();
      // Loaded where it runs: the serving process reads only the declaration.
      const { makeOutputs } = await import('./make.ts');
      return makeOutputs(reader, context);
    },
  });

export default videoThumbnails(openReader());
