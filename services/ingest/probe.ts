import { fileTypeFromFile } from 'file-type';
import { sharp } from '../../mixins/pictures.ts';
import { VitrailError } from '../contracts/errors.ts';

/** What a look at the bytes tells of a picture. */
export interface Probe {
  /** Media type. */
  type: string;
  /** Pixels, upright. */
  width: number;
  height: number;
}

/** Kinds of file that are taken in, by their bytes. SVG is not among them: it is a program that reads other files. */
export const acceptedTypes: readonly string[] = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/tiff',
];

const refused = (type: string | undefined) =>
  new VitrailError(
    'upload.type-refused',
    `${type === undefined ? 'This is no picture that can be recognised' : `Files of type ${type} are not accepted`}; send ${acceptedTypes.join(', ')}.`,
  );

/**
 * Sniffs the kind from the bytes and reads the dimensions from the header, without decoding.
 * @param path a file on this node
 * @param maxPixels width × height, at most
 * @throws upload.type-refused, upload.unreadable, upload.picture-too-large
 */
export async function probe(path: string, maxPixels: number): Promise<Probe> {
  const sniffed = await fileTypeFromFile(path).catch(() => undefined);
  // Animated PNG is PNG to every reader of a still.
  const type = sniffed?.mime === 'image/apng' ? 'image/png' : sniffed?.mime;
  if (type === undefined || !acceptedTypes.includes(type)) throw refused(type);
  const unreadable = () =>
    new VitrailError('upload.unreadable', `The file begins like ${type} but cannot be read; it may be damaged or cut short.`);
  const header = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw unreadable();
    });
  const { width, height } = header.autoOrient;
  if (!(width > 0 && height > 0)) throw unreadable();
  if (width * height > maxPixels) {
    const detail = `The picture has ${width} × ${height} pixels; at most ${maxPixels} are accepted (VITRAIL_MAX_PIXELS).`;
    throw new VitrailError('upload.picture-too-large', detail, { width, height, maxPixels });
  }
  return { type, width, height };
}
