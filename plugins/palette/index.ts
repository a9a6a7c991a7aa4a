import { z } from 'zod';
import { defineEnricher, field } from '../sdk/index.ts';

/** Longer edge, in pixels, that is looked at: more would cost time and find the same colours. */
const EDGE = 160;

export default defineEnricher({
  name: 'palette',
  title: 'Colour palette',
  description: 'The colours of the picture by their share of it, and the one a person would name',
  version: '1.0.0',
  resultVersion: 1,
  accepts: ['image/*', 'video/*'],
  after: ['video-thumbnails'],
  config: z.strictObject({ swatches: z.int().min(1).max(16).default(6).describe('Colours, at most') }),
  outputs: {
    palette: field.colors({ title: 'Palette', description: 'Colours with their shares, largest first', max: 16 }),
    dominant: field.color({ title: 'Dominant colour', description: 'The colour that most of the picture is like' }),
  },
  run: { concurrency: 4, timeoutMs: 15_000 },
  async enrich(_asset, { still, config, signal }) {
    signal.throwIfAborted();
    // Loaded where it runs: the serving process reads only the declaration, and is smaller by what this needs.
    const { coloursOf } = await import('./palette.ts');
    const pixels = await still.raw(EDGE);
    signal.throwIfAborted();
    return coloursOf(pixels, config.swatches);
  },
});
