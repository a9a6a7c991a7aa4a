import { z } from 'zod';
import { defineEnricher, field } from '../sdk/index.ts';

/** Longer edge, in pixels, of the still that is made smaller. */
const EDGE = 256;

export default defineEnricher({
  name: 'look-alikes',
  title: 'Look-alikes',
  description: 'What tells the same picture in another size, format or quality from any other',
  version: '1.0.0',
  resultVersion: 1,
  accepts: ['image/*', 'video/*'],
  after: ['video-thumbnails'],
  config: z.strictObject({}),
  outputs: {
    phash: field.bits({
      title: 'Perceptual hash',
      description: 'What is where, in grey. Left out where the picture holds too little to tell it by',
      length: 64,
      same: 8,
      optional: true,
    }),
    tones: field.bits({
      title: 'Tones',
      description: 'Brightness and tint of 4 × 4 cells, in steps of a bit',
      length: 384,
      same: 12,
    }),
  },
  run: { concurrency: 4, timeoutMs: 15_000 },
  async enrich(_asset, { still, signal }) {
    signal.throwIfAborted();
    // Loaded where it runs: the serving process reads only the declaration, and is smaller by what this needs.
    const [{ squareOf }, { phashOf }, { tonesOf }] = await Promise.all([
      import('./square.ts'),
      import('./phash.ts'),
      import('./tones.ts'),
    ]);
    signal.throwIfAborted();
    const pixels = await still.raw(EDGE);
    signal.throwIfAborted();
    const square = await squareOf(pixels);
    signal.throwIfAborted();
    return { phash: phashOf(square), tones: tonesOf(square) };
  },
});
