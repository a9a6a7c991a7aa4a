import { type BlobRef, defineEnricher, field } from '../sdk/index.ts';
import { encode, encodings } from './encode.ts';
import { Options } from './options.ts';
import { edgesBelow } from './presets.ts';

export default defineEnricher({
  name: 'variants',
  title: 'Variants',
  description: 'The picture in smaller sizes, for pages and previews',
  version: '1.0.0',
  resultVersion: 1,
  accepts: ['image/*'],
  config: Options,
  outputs: {
    files: field.blobs({ title: 'Files', description: 'Every size in every format; none for a picture below the smallest' }),
  },
  run: { concurrency: 2, timeoutMs: 120_000 },
  async enrich(_asset, { still, config, signal, put, progress }) {
    const files: BlobRef[] = [];
    const edges = edgesBelow(Math.max(still.width, still.height), config.presets);
    // Largest first, so that the still makes each size from the one before; one size at a time, so that memory holds one.
    for (const [done, edge] of edges.entries()) {
      signal.throwIfAborted();
      const pixels = await still.raw(edge);
      const { width, height } = pixels;
      for (const format of new Set(config.formats)) {
        signal.throwIfAborted();
        const { extension, type } = encodings[format];
        const data = await encode(pixels, format, config);
        signal.throwIfAborted();
        files.push(await put(`${edge}.${extension}`, data, { type, width, height }));
      }
      progress((done + 1) / edges.length);
    }
    return { files };
  },
});
