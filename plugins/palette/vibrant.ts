import { ImageBase, type ImageData } from '@vibrant/image';
import { Vibrant } from 'node-vibrant/browser';
import type { RawPixels } from '../sdk/index.ts';
import type { Rgb } from '../sdk/pixels.ts';
import { OPAQUE } from './histogram.ts';

/** Vibrant reads four channels and writes into them, so it gets a copy. What is seen through it must not count: alpha 0. */
function rgba({ data, width, height, channels }: RawPixels): ImageData {
  const copy = new Uint8ClampedArray(width * height * 4);
  for (let from = 0, to = 0; to < copy.length; from += channels, to += 4) {
    copy[to] = data[from]!;
    copy[to + 1] = data[from + 1]!;
    copy[to + 2] = data[from + 2]!;
    copy[to + 3] = channels === 4 && data[from + 3]! < OPAQUE ? 0 : 255;
  }
  return { data: copy, width, height };
}

/** Vibrant's view of pixels that are decoded already; its own image class decodes the original again, through jimp, in 1.6 s at 4K. */
const imageOf = (pixels: RawPixels) =>
  class StillImage extends ImageBase {
    load(): Promise<this> {
      return Promise.resolve(this);
    }
    getWidth(): number {
      return pixels.width;
    }
    getHeight(): number {
      return pixels.height;
    }
    getPixelCount(): number {
      return pixels.width * pixels.height;
    }
    getImageData(): ImageData {
      return rgba(pixels);
    }
    // The still is small already, is not drawn on and needs no tidying.
    resize(): void {}
    update(): void {}
    clear(): void {}
    remove(): void {}
  };

/**
 * The colours of Vibrant's quantizer (modified median cut, at most 48), whatever their vividness. Its named swatches would
 * not do: white, black and grey pictures have none. Needs at least one opaque pixel.
 */
export async function quantized(pixels: RawPixels): Promise<Rgb[]> {
  // No filters: the default one takes white away, which is a colour of a picture like any other.
  const vibrant = new Vibrant('', { ImageClass: imageOf(pixels), quality: 1, filters: [] });
  await vibrant.getPalette();
  // The package's own types lose this one on the way.
  const result = vibrant.result as { colors: { rgb: Rgb }[] } | undefined;
  return (result?.colors ?? []).map(({ rgb }) => rgb);
}
