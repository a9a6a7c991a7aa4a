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
  accepts: ['image/*', 'video/*'],
  after: ['video-thumbnails'],
  config: Options,
  outputs: {
    files: field.blobs({
      title: 'Files',
      description: 'Every size in every format; none for a picture below the smallest',
      still: true,
    }),
  },
  run: { concurrency: 2, timeoutMs: 120_000 },
  async enrich(_asset, { still, config, signal, put, progress }) {
    const stored: Promise<BlobRef>[] = [];
    const formats = [...new Set(config.formats)];
    const edges = edgesBelow(Math.max(still.width, still.height), config.presets);
    try {
      // Largest first, so that the still makes each size from the one before; one size at a time, so that memory holds one.
      for (const [done, edge] of edges.entries()) {
        signal.throwIfAborted();
        const pixels = await still.raw(edge);
        const { width, height } = pixels;
        signal.throwIfAborted();
        const encoded = await Promise.allSettled(
          formats.map(async (format) => ({ ...encodings[format], data: await encode(pixels, format, config) })),
        );
        for (const outcome of encoded) {
          signal.throwIfAborted();
          if (outcome.status === 'rejected') throw outcome.reason;
          const { extension, type, data } = outcome.value;
          // The disk takes its time to make a file durable; meanwhile the next size is made.
          stored.push(put(`${edge}.${extension}`, data, { type, width, height }));
        }
        progress((done + 1) / edges.length);
      }
    } finally {
      await Promise.allSettled(stored);
    }
    const files = await Promise.all(stored);
    return { files };
  },
});
