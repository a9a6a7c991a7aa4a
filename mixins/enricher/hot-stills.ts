import type { BlobStore } from '../../drivers/blobs/port.ts';
import type { EnricherAsset, Still } from '../../plugins/sdk/enricher.ts';
import { PermanentError, TransientError } from '../../plugins/sdk/errors.ts';
import { openStill } from './still.ts';

/** The original of an asset on this node, and the picture of it. */
export interface Hot {
  still: Still;
  path: string;
}

export interface HotStills {
  /** `still` is the key of the picture that stands for a file that is none itself. */
  of(asset: EnricherAsset, still?: string): Promise<Hot>;
}

interface Entry {
  hot: Promise<Hot & { close(): Promise<void> }>;
}

const without = (asset: EnricherAsset): Still & { close(): void } => ({
  width: asset.width,
  height: asset.height,
  hasAlpha: false,
  raw: () => Promise.reject(new PermanentError(`No enricher has made a still picture of this file of type ${asset.type}`)),
  close: () => undefined,
});

/** Keeps the assets used last open, so that the next enricher of the same asset finds it decoded. For one run at a time. */
export function hotStills(blobs: BlobStore, options: { capacity: number; maxPixels: number }): HotStills {
  /** By sha256 and still; the one used last stands last. */
  const entries = new Map<string, Entry>();

  const local = (key: string) =>
    blobs.local(key).catch((error: unknown) => {
      throw new TransientError('The original could not be had from the blob store', { cause: error });
    });

  async function open(asset: EnricherAsset, stillKey: string | undefined): Promise<Hot & { close(): Promise<void> }> {
    await using held = new AsyncDisposableStack();
    const fileOf = async (key: string): Promise<string> => held.adopt(await local(key), (blob) => blob.release()).path;
    const path = await fileOf(`originals/${asset.sha256}`);
    const picture = asset.type.startsWith('image/') ? path : stillKey && (await fileOf(stillKey));
    const still = held.adopt(picture ? await openStill(picture, options) : without(asset), (opened) => opened.close());
    const kept = held.move();
    return { still, path, close: () => kept.disposeAsync() };
  }

  async function drop(name: string): Promise<void> {
    const entry = entries.get(name);
    entries.delete(name);
    await entry?.hot.then((hot) => hot.close()).catch(() => undefined);
  }

  return {
    async of(asset, still) {
      const name = `${asset.sha256} ${still ?? ''}`;
      const entry = entries.get(name) ?? { hot: open(asset, still) };
      entries.delete(name);
      entries.set(name, entry);
      const [oldest] = entries.keys();
      if (entries.size > options.capacity && oldest !== undefined) await drop(oldest);
      try {
        return await entry.hot;
      } catch (error) {
        await drop(name);
        throw error;
      }
    },
  };
}
