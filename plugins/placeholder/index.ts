import { z } from 'zod';
import { defineEnricher, field } from '../sdk/index.ts';

/** Longer edge, in pixels, that is looked at: 100, the most that ThumbHash takes, gives the same waves at ten times the cost. */
const EDGE = 64;

export default defineEnricher({
  name: 'placeholder',
  title: 'Placeholder',
  description: 'What a page can show at once, before the picture has come: a blur of some 25 bytes, and one colour',
  version: '1.0.0',
  resultVersion: 1,
  accepts: ['image/*', 'video/*'],
  after: ['video-thumbnails'],
  config: z.strictObject({}),
  outputs: {
    thumbhash: field.text({
      title: 'ThumbHash',
      description: 'A blurred picture of its shape, transparency included, as ThumbHash in base64',
      maxLength: 64,
      words: false,
    }),
    averageColor: field.color({ title: 'Average colour', description: 'The mean of all that is seen', filter: false }),
  },
  run: { concurrency: 4, timeoutMs: 15_000 },
  async enrich(_asset, { still, signal }) {
    signal.throwIfAborted();
    // Loaded where it runs: the serving process reads only the declaration.
    const { placeholderOf } = await import('./placeholder.ts');
    const pixels = await still.raw(EDGE);
    signal.throwIfAborted();
    return placeholderOf(pixels);
  },
});
