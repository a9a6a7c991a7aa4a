import { fileTypeFromBuffer, fileTypeFromFile } from 'file-type';
import { sharp } from '../../mixins/pictures.ts';
import { VitrailError } from '../contracts/errors.ts';
import { videoHeader } from './video-header.ts';

/** What a look at the bytes tells of a picture or a video. */
export interface Probe {
  /** Media type. */
  type: string;
  /** Pixels, upright. */
  width: number;
  height: number;
  /** Of a video, by its header. */
  durationMs?: number;
}

const pictures = ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'].map((kind) => `image/${kind}`);
const videos = ['mp4', 'quicktime', 'webm', 'matroska', 'vnd.avi', 'mpeg', 'mp2t', '3gpp', 'ogg'].map((kind) => `video/${kind}`);

/**
 * Kinds of file that are taken in, by their bytes. SVG is not among them, nor are playlists: they are programs that read other
 * files.
 */
const acceptedTypes: readonly string[] = [...pictures, ...videos];

const inWords = 'a picture as JPEG, PNG, WebP, GIF, AVIF or TIFF, or a video as MP4, MOV, WebM, Matroska, AVI, MPEG, 3GP or Ogg';

/** Kinds that are another one to every reader: animated PNG to one of stills, the two versions of an MPEG stream to any. */
const sameAs: Readonly<Record<string, string>> = {
  'image/apng': 'image/png',
  'video/x-m4v': 'video/mp4',
  'video/3gpp2': 'video/3gpp',
  'video/MP1S': 'video/mpeg',
  'video/MP2P': 'video/mpeg',
};

const refused = (type: string | undefined) =>
  new VitrailError(
    'upload.type-refused',
    `${type === undefined ? 'This is no picture or video that can be recognised' : `Files of type ${type} are not accepted`}; send ${inWords}.`,
  );

const unreadable = (type: string) => {
  const what = type.startsWith('video/') ? 'has no video that can be read' : 'cannot be read';
  return new VitrailError('upload.unreadable', `The file begins like ${type} but ${what}; it may be damaged or cut short.`);
};

/** @param picture a file on this node, or the bytes */
async function pictureHeader(picture: string | Uint8Array): Promise<{ width: number; height: number }> {
  const { width, height } = (await sharp(picture, { limitInputPixels: false }).metadata()).autoOrient;
  return { width, height };
}

/** A JPEG's header, with its orientation, comes before all else; the largest of phones are some 100 KB. */
export const headBytes = 256 * 1024;

/**
 * What the first bytes of a file tell, where that is all there is to know: no more of a JPEG is needed, which most files are. Null
 * for others.
 * @throws upload.picture-too-large
 */
export async function probeHead(head: Uint8Array, maxPixels: number): Promise<Probe | null> {
  const sniffed = await fileTypeFromBuffer(head).catch(() => undefined);
  if (sniffed?.mime !== 'image/jpeg') return null;
  const header = await pictureHeader(head).catch(() => null);
  return header && header.width > 0 && header.height > 0 ? bounded({ type: sniffed.mime, ...header }, maxPixels) : null;
}

/**
 * Sniffs the kind from the bytes and reads the dimensions, and a video's duration, from the header, without decoding.
 * @param path a file on this node
 * @param maxPixels width × height, at most
 * @throws upload.type-refused, upload.unreadable, upload.picture-too-large, server.busy
 */
export async function probe(path: string, maxPixels: number): Promise<Probe> {
  const sniffed = await fileTypeFromFile(path).catch(() => undefined);
  const type = sniffed && (sameAs[sniffed.mime] ?? sniffed.mime);
  if (type === undefined || !acceptedTypes.includes(type)) throw refused(type);
  const header = await (type.startsWith('video/') ? videoHeader(path) : pictureHeader(path).catch(() => null));
  if (!header || !(header.width > 0 && header.height > 0)) throw unreadable(type);
  return bounded({ type, ...header }, maxPixels);
}

function bounded(seen: Probe, maxPixels: number): Probe {
  const { width, height } = seen;
  if (width * height <= maxPixels) return seen;
  const detail = `It has ${width} × ${height} pixels; at most ${maxPixels} are accepted (VITRAIL_MAX_PIXELS).`;
  throw new VitrailError('upload.picture-too-large', detail, { width, height, maxPixels });
}
