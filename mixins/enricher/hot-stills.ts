import type { BlobStore } from '../../drivers/blobs/port.ts';
import type { EnricherAsset, Still } from '../../plugins/sdk/enricher.ts';
import { PermanentError, TransientError } from '../../plugins/sdk/errors.ts';
import { openStill } from './still.ts';

/** The original of an asset on this node, and its decoded picture. */
export interface Hot {
  still: Still;
  path: string;
}

export interface HotStills {
  of(asset: EnricherAsset): Promise<Hot>;
}

interface Entry {
  hot: Promise<Hot & { close(): Promise<void> }>;
}

const without = (asset: EnricherAsset): Still & { close(): void } => ({
  width: asset.width,
  height: asset.height,
  hasAlpha: false,
  raw: () => Promise.reject(new PermanentError(`There is no still picture of a file of type ${asset.type}`)),
  close: () => undefined,
});

/** Keeps the assets used last open, so that the next enricher of the same asset finds it decoded. For one run at a time. */
export function hotStills(blobs: BlobStore, options: { capacity: number; maxPixels: number }): HotStills {
  /** By sha256; the one used last stands last. */
  const entries = new Map<string, Entry>();

  async function open(asset: EnricherAsset): Promise<Hot & { close(): Promise<void> }> {
    const file = await blobs.local(`originals/${asset.sha256}`).catch((error: unknown) => {
      throw new TransientError('The original could not be had from the blob store', { cause: error });
    });
    try {
      const still = asset.type.startsWith('image/') ? await openStill(file.path, options) : without(asset);
      const close = async (): Promise<void> => {
        still.close();
        await file.release();
      };
      return { still, path: file.path, close };
    } catch (error) {
      await file.release();
      throw error;
    }
  }

  async function drop(sha256: string): Promise<void> {
    const entry = entries.get(sha256);
    entries.delete(sha256);
    await entry?.hot.then((hot) => hot.close()).catch(() => undefined);
  }

  return {
    async of(asset) {
      const entry = entries.get(asset.sha256) ?? { hot: open(asset) };
      entries.delete(asset.sha256);
      entries.set(asset.sha256, entry);
      const [oldest] = entries.keys();
      if (entries.size > options.capacity && oldest !== undefined) await drop(oldest);
      try {
        return await entry.hot;
      } catch (error) {
        await drop(asset.sha256);
        throw error;
      }
    },
  };
}
