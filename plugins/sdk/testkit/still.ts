import sharp, { type Sharp } from 'sharp';
import type { RawPixels, Still } from '../enricher.ts';
import { PermanentError } from '../errors.ts';

/** Plenty for a fixture. */
const MAX_PIXELS = 100e6;

const within = (longest: number, edge: number) => {
  const share = Math.min(1, edge / longest);
  return (side: number): number => Math.max(1, Math.round(side * share));
};

/**
 * A still for tests. It keeps the promises of `Still` (upright, 8 bit sRGB, never enlarged), but is not what runs in production:
 * it decodes the file again for every size, has no cascade, shares nothing and knows pictures only, no video. So pixels may
 * differ from the real ones by a little, and its speed says nothing.
 * @throws PermanentError where the file is no picture; `raw` throws it where the picture cannot be decoded.
 */
export async function openTestStill(path: string): Promise<Still> {
  const open = (): Sharp => sharp(path, { failOn: 'error', limitInputPixels: MAX_PIXELS });
  const refuse = (cause: unknown): never => {
    throw new PermanentError('The file is damaged or is no picture: it cannot be decoded', { cause });
  };
  const { autoOrient, hasAlpha } = await open().metadata().catch(refuse);
  const { width, height } = autoOrient;
  return {
    width,
    height,
    hasAlpha,
    async raw(edge): Promise<RawPixels> {
      const scaled = within(Math.max(width, height), edge);
      const { data, info } = await open()
        .autoOrient()
        .resize({ width: scaled(width), height: scaled(height), fit: 'fill' })
        .toColourspace('srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true })
        .catch(refuse);
      return { data, width: info.width, height: info.height, channels: info.channels === 4 ? 4 : 3 };
    },
  };
}

/** The still of a file that is no picture, before an enricher has made one: it has a size, and nothing to see. */
export const stillOfNoPicture = ({ width, height } = { width: 0, height: 0 }): Still => ({
  width,
  height,
  hasAlpha: false,
  raw: () => Promise.reject(new PermanentError('The file is no picture, and none has been made of it')),
});
