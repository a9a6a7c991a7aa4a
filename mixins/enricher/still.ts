import { PermanentError, TransientError } from '../../plugins/sdk/errors.ts';
import type { RawPixels, Still } from '../../plugins/sdk/enricher.ts';
import { stillEdges } from '../../plugins/sdk/still-edges.ts';
import { sharp } from '../pictures.ts';

export interface StillOptions {
  /** Pictures with more pixels than this are refused before they are decoded. */
  maxPixels: number;
}

interface Size {
  width: number;
  height: number;
}

/** The size with its longer edge at most `edge`, computed from the original so that it is the same by whichever way it is made. */
function within({ width, height }: Size, edge: number): Size {
  const share = Math.min(1, edge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
}

/** What libvips says of a file, in words for people. What is not about the file itself may pass, and is told as such. */
function unreadable(error: unknown, { maxPixels }: StillOptions): Error {
  const said = error instanceof Error ? error.message : String(error);
  const because = { cause: error };
  if (/exceeds pixel limit|too large/i.test(said)) {
    return new PermanentError(
      `The picture has more than ${Math.floor(maxPixels / 1e6)} megapixels, the most that is decoded here`,
      because,
    );
  }
  if (/file is missing|out of memory|unable to (create thread|open)|no such file/i.test(said)) {
    return new TransientError('The picture could not be read now', because);
  }
  if (/premature end|end of (file|gif)|truncated|bad seek|input (buffer|file) is empty/i.test(said)) {
    return new PermanentError('The file ends early: the rest of the picture is missing', because);
  }
  if (/unsupported image format/i.test(said))
    return new PermanentError('The file is no picture of a kind that is decoded here', because);
  return new PermanentError('The file is damaged: the picture in it cannot be decoded', because);
}

/**
 * Opens the picture of a file. Its header is read now, its pixels on the first `raw`, once: an asset's enrichers share them.
 * A size does not depend on what was asked before it, so that results do not depend on the order of enrichers.
 * @throws PermanentError where the file is no picture we decode, or has too many pixels.
 */
export async function openStill(path: string, options: StillOptions): Promise<Still & { close(): void }> {
  const file = () => sharp(path, { failOn: 'error', limitInputPixels: options.maxPixels });
  const header = await file()
    .metadata()
    .catch((error: unknown) => {
      throw unreadable(error, options);
    });
  const original: Size = header.autoOrient;
  const longest = Math.max(original.width, original.height);
  if (original.width * original.height > options.maxPixels) throw unreadable(new Error('exceeds pixel limit'), options);
  // The file is decoded to the first of these that fits; each other one is made from the one before it.
  // Not the full size: enrichers seldom want it, and then libvips can shrink a JPEG while it reads it.
  const below = stillEdges.filter((edge) => edge < longest);
  const kept = below.length > 0 ? below : [longest];
  const made = new Map<number, Promise<RawPixels>>();
  let closed = false;

  const pixels = async (picture: ReturnType<typeof sharp>, edge: number): Promise<RawPixels> => {
    const { data, info } = await picture
      .resize({ ...within(original, edge), fit: 'fill' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
      .catch((error: unknown) => {
        throw unreadable(error, options);
      });
    if (info.channels !== 3 && info.channels !== 4)
      throw new PermanentError(`The picture has ${info.channels} channels instead of 3 or 4`);
    return { data, width: info.width, height: info.height, channels: info.channels };
  };
  const smaller = async (from: Promise<RawPixels>, edge: number): Promise<RawPixels> => {
    const { data, ...raw } = await from;
    return pixels(sharp(data, { raw }), edge);
  };

  function make(edge: number): Promise<RawPixels> {
    const from = kept.findLast((level) => level > edge);
    return from === undefined ? pixels(file().autoOrient(), edge) : smaller(shared(from), edge);
  }
  /** One computation for all who ask, however many at once; the sizes of the cascade are kept, others are made anew each time. */
  function shared(edge: number): Promise<RawPixels> {
    const known = made.get(edge);
    if (known) return known;
    const making = make(edge);
    made.set(edge, making);
    const forget = (): void => {
      if (made.get(edge) === making) made.delete(edge);
    };
    making.then(() => !kept.includes(edge) && forget(), forget);
    return making;
  }

  return {
    ...original,
    hasAlpha: header.hasAlpha,
    async raw(edge) {
      if (!Number.isInteger(edge) || edge < 1)
        throw new RangeError(`still.raw takes a whole number of pixels from 1, not ${edge}`);
      if (closed) throw new TransientError('The still was asked for after its run');
      return shared(Math.min(edge, longest));
    },
    close() {
      closed = true;
      made.clear();
    },
  };
}
