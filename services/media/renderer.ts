import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { Sharp } from 'sharp';
import type { BlobStore } from '../../drivers/blobs/port.ts';
import { sharp } from '../../mixins/pictures.ts';
import { VitrailError } from '../contracts/errors.ts';
import type { Rendition } from './rendition.ts';

/** Renditions waiting beyond this are refused: a client that comes again later is served better than one that waits for minutes. */
const maxWaiting = 64;

/** Renditions whose size is remembered; the others are asked of the blob store. */
const maxKnown = 20_000;

// JPEG without Huffman tables of its own, WebP with little effort: someone waits, and the files are a few per cent larger.
const quality = {
  jpeg: { quality: 80, optimiseCoding: false },
  webp: { quality: 80, effort: 2 },
  avif: { quality: 50, effort: 1 },
  png: { compressionLevel: 6 },
};

/** What a rendition is made from: the original, or a variant of it. */
export interface RenditionSource {
  key: string;
  type: string;
}

/** Makes renditions: each once however many ask at the same time, few at a time, kept in the blob store's cache. */
export interface Renderer {
  /** The size of the rendition at `key`, which is made from `source` unless it is there already. */
  bytesOf(key: string, source: RenditionSource, rendition: Rendition): Promise<number>;
  /** To be called after renditions have been removed. */
  forget(): void;
}

/** What is wrong with the file is told to who asked for it; what is wrong here, such as memory that is short, is not their fault. */
function refusalOf(error: unknown): unknown {
  const said = error instanceof Error ? error.message : '';
  if (/out of memory|unable to (create thread|open)|file is missing|no such file/i.test(said)) return error;
  return new VitrailError('media.unreadable', 'The file is damaged or cut short: no picture can be made of it.');
}

export function openRenderer(blobs: BlobStore, { maxPixels }: { maxPixels: number }): Renderer {
  const limit = pLimit(availableParallelism());
  const underWay = new Map<string, Promise<number>>();
  const known = new Map<string, number>();

  function picture(path: string, { key, type }: RenditionSource, { width, height, fit, format }: Rendition): Sharp {
    const sized = { width, height, fit: fit === 'cover' ? ('cover' as const) : ('fill' as const), withoutEnlargement: true };
    const opened = sharp(path, { limitInputPixels: maxPixels, sequentialRead: true });
    // A variant of ours is upright and sRGB already, a JPEG has nothing to be seen through.
    const upright = key.startsWith('originals/') ? opened.autoOrient().toColourspace('srgb') : opened;
    const opaque = format === 'jpeg' && type !== 'image/jpeg' ? upright.flatten({ background: '#ffffff' }) : upright;
    return opaque.resize(sized).toFormat(format, quality[format]);
  }

  async function make(source: RenditionSource, rendition: Rendition): Promise<Buffer> {
    const file = await blobs.local(source.key);
    try {
      return await picture(file.path, source, rendition)
        .toBuffer()
        .catch((error: unknown) => {
          throw refusalOf(error);
        });
    } finally {
      await file.release();
    }
  }

  /** Only the making is limited: while one is written to the disk, the processors are for the next. */
  async function find(key: string, source: RenditionSource, rendition: Rendition): Promise<number> {
    const there = await blobs.stat(key);
    const { bytes } = there ?? (await blobs.put(key, await limit(make, source, rendition), { durable: false }));
    if (known.size >= maxKnown) known.clear();
    known.set(key, bytes);
    return bytes;
  }

  return {
    async bytesOf(key, source, rendition) {
      const bytes = known.get(key);
      if (bytes !== undefined) return bytes;
      const running = underWay.get(key);
      if (running) return running;
      if (limit.pendingCount >= maxWaiting)
        throw new VitrailError('server.busy', 'Too many pictures are being made; ask again in a few seconds.');
      const found = find(key, source, rendition).finally(() => underWay.delete(key));
      underWay.set(key, found);
      return found;
    },
    forget: () => known.clear(),
  };
}
