import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { BlobStore } from '../../drivers/blobs/port.ts';
import { sharp } from '../../mixins/pictures.ts';
import { VitrailError } from '../contracts/errors.ts';
import type { Rendition } from './rendition.ts';

/** Renditions waiting beyond this are refused: a client that comes again later is served better than one that waits for minutes. */
const maxWaiting = 64;

const quality = {
  jpeg: { quality: 80 },
  webp: { quality: 80, effort: 2 },
  avif: { quality: 50, effort: 1 },
  png: { compressionLevel: 6 },
};

/** Makes renditions: each once however many ask at the same time, few at a time, kept in the blob store's cache. */
export interface Renderer {
  /** Makes the rendition of the picture at `source` and stores it at `key`, unless someone is just doing so. */
  render(key: string, source: string, rendition: Rendition): Promise<void>;
}

export function openRenderer(blobs: BlobStore, { maxPixels }: { maxPixels: number }): Renderer {
  const limit = pLimit(availableParallelism());
  const underWay = new Map<string, Promise<void>>();

  async function make(key: string, source: string, { width, height, fit, format }: Rendition): Promise<void> {
    const file = await blobs.local(source);
    try {
      const picture = sharp(file.path, { limitInputPixels: maxPixels, sequentialRead: true }).autoOrient();
      const sized = picture.resize({ width, height, fit: fit === 'cover' ? 'cover' : 'fill', withoutEnlargement: true });
      const opaque = format === 'jpeg' ? sized.flatten({ background: '#ffffff' }) : sized;
      await blobs.put(key, await opaque.toColourspace('srgb').toFormat(format, quality[format]).toBuffer());
    } finally {
      await file.release();
    }
  }

  return {
    render(key, source, rendition) {
      const running = underWay.get(key);
      if (running) return running;
      if (limit.pendingCount >= maxWaiting)
        throw new VitrailError('server.busy', 'Too many pictures are being made; ask again in a few seconds.');
      const made = limit(make, key, source, rendition).finally(() => underWay.delete(key));
      underWay.set(key, made);
      return made;
    },
  };
}
