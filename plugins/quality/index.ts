import { z } from 'zod';
import { defineEnricher, field, type RawPixels } from '../sdk/index.ts';

const part = (title: string, description: string) =>
  field.float({ title, description: `${description}; 1 is best`, min: 0, max: 1 });

export default defineEnricher({
  name: 'quality',
  title: 'Quality',
  description: 'How well a picture is taken and kept, as far as one can tell from its pixels',
  version: '1.0.0',
  resultVersion: 1,
  accepts: ['image/*', 'video/*'],
  after: ['video-thumbnails'],
  config: z.strictObject({}),
  outputs: {
    score: field.float({
      title: 'Quality',
      description: 'All parts together; the number of pixels does not count',
      min: 0,
      max: 100,
    }),
    sharpness: part('Sharpness', 'Fine detail where there is most of it'),
    noise: part('Freedom from noise', 'Grain that is no detail'),
    blockiness: part('Freedom from blocks', 'Traces of strong JPEG compression'),
    exposure: part('Exposure', 'Neither too dark nor burnt out'),
    contrast: part('Contrast', 'Spread of light and dark'),
    megapixels: field.float({ title: 'Megapixels', description: 'Pixels of the upright original', unit: 'MP', min: 0 }),
  },
  run: { concurrency: 4, timeoutMs: 30_000 },
  async enrich(asset, { still, signal }) {
    signal.throwIfAborted();
    // Loaded where it runs: the serving process reads only the declaration, and is smaller by what this needs.
    const { edgesFor, qualityOf } = await import('./quality.ts');
    const longest = Math.max(still.width, still.height);
    const edges = edgesFor(longest);
    const at = async (edge: number): Promise<RawPixels> => {
      signal.throwIfAborted();
      const pixels = await still.raw(edge);
      signal.throwIfAborted();
      return pixels;
    };
    const views = { fine: await at(edges.fine), coarse: await at(edges.coarse), small: await at(edges.small) };
    const megapixels = Math.round((asset.width * asset.height) / 1e4) / 100;
    return { ...qualityOf(views, longest), megapixels };
  },
});
