import readExif from 'exif-reader';
import sharp from 'sharp';
import { PermanentError } from '../sdk/index.ts';
import { metered } from './metered.ts';

/** Values by the names of Exif 2.32 (CIPA DC-008), of whatever type the file gives them. */
export type Directory = Readonly<Record<string, unknown>>;

/** The directories of an EXIF block that say something here; one that is missing or unreadable is empty. */
export interface Tags {
  image: Directory;
  photo: Directory;
  gps: Directory;
}

/** Blocks in JPEG end at 64 KB; what other formats carry beyond that is thumbnails and makers' notes. */
const longest = 2 ** 16;
/** A camera's block takes some thousand reads. */
const mostReads = 500_000;

/**
 * The EXIF block of a picture as it stands in the file, if there is one; nothing is decoded.
 * @throws PermanentError where the file is no picture.
 */
export async function exifBlock(path: string): Promise<Buffer | undefined> {
  const { exif } = await sharp(path, { failOn: 'none', limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new PermanentError('The file is damaged or is no picture: its header cannot be read', { cause });
    });
  return exif?.subarray(0, longest);
}

/** What can be read of a block; of one that makes no sense, nothing. */
export function readTags(block: Buffer): Tags {
  try {
    const { Image: image, Photo: photo, GPSInfo: gps } = readExif(metered(block, mostReads));
    return { image: image ?? {}, photo: photo ?? {}, gps: gps ?? {} };
  } catch {
    return { image: {}, photo: {}, gps: {} };
  }
}
