/** EXIF blocks by hand, byte by byte, for tests: sound ones, and such as no camera writes. */
import sharp from 'sharp';

/** One entry of a directory, with a count or an offset that may be wrong. */
export interface Entry {
  tag: number;
  type: number;
  data: Buffer;
  count: number;
  offset?: number;
}

const ascii = (tag: number, text: string | Buffer, count?: number): Entry => {
  const data = Buffer.from(text);
  return { tag, type: 2, data, count: count ?? data.length };
};
const words = (tag: number, values: readonly number[], type = 3): Entry => {
  const data = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => data.writeUInt16LE(value, i * 2));
  return { tag, type, data, count: values.length };
};
const longs = (tag: number, values: readonly number[], { type = 4, count = values.length } = {}): Entry => {
  const data = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => data.writeUInt32LE(value >>> 0, i * 4));
  return { tag, type, data, count };
};
const fractions = (tag: number, values: readonly (readonly [number, number])[], { signed = false } = {}): Entry =>
  longs(tag, values.flat(), { type: signed ? 10 : 5, count: values.length });

export const entry = { ascii, words, longs, fractions };

export const tag = {
  make: 0x010f,
  model: 0x0110,
  software: 0x0131,
  dateTime: 0x0132,
  photo: 0x8769,
  gps: 0x8825,
  exposureTime: 0x829a,
  aperture: 0x829d,
  iso: 0x8827,
  recommendedIndex: 0x8832,
  original: 0x9003,
  digitized: 0x9004,
  offsetOriginal: 0x9011,
  exposureBias: 0x9204,
  flash: 0x9209,
  focalLength: 0x920a,
  focalLength35: 0xa405,
  lens: 0xa434,
  latitudeRef: 1,
  latitude: 2,
  longitudeRef: 3,
  longitude: 4,
  altitudeRef: 5,
  altitude: 6,
} as const;

const header = Buffer.from('Exif\0\0II*\0\x08\0\0\0', 'latin1');
/** Offsets count from the byte order on. */
const tiffAt = 6;
const sizeOf = (entries: readonly Entry[]): number => 2 + entries.length * 12 + 4;

/** A little-endian block: its directories, then what does not fit into their entries. `next` is where the thumbnail's is said to be. */
export function blockOf({
  image = [],
  photo = [],
  gps = [],
  next = 0,
}: Partial<Record<'image' | 'photo' | 'gps', Entry[]>> & { next?: number }): Buffer {
  const places = header.length - tiffAt;
  const pointers = (photoAt: number, gpsAt: number): Entry[] => [
    ...(photo.length > 0 ? [longs(tag.photo, [photoAt])] : []),
    ...(gps.length > 0 ? [longs(tag.gps, [gpsAt])] : []),
  ];
  const photoAt = places + sizeOf([...image, ...pointers(0, 0)]);
  const gpsAt = photoAt + sizeOf(photo);
  const directories = [[...image, ...pointers(photoAt, gpsAt)], photo, gps];
  let heapAt = gpsAt + sizeOf(gps);
  const heap: Buffer[] = [];
  const written = directories.map((entries, i) => {
    const bytes = Buffer.alloc(sizeOf(entries));
    bytes.writeUInt16LE(entries.length);
    entries.forEach(({ tag: name, type, data, count, offset }, at) => {
      const start = 2 + at * 12;
      bytes.writeUInt16LE(name, start);
      bytes.writeUInt16LE(type, start + 2);
      bytes.writeUInt32LE(count, start + 4);
      if (offset === undefined && data.length <= 4) data.copy(bytes, start + 8);
      else bytes.writeUInt32LE(offset ?? heapAt, start + 8);
      if (offset !== undefined || data.length <= 4) return;
      heap.push(data);
      heapAt += data.length;
    });
    if (i === 0) bytes.writeUInt32LE(next, bytes.length - 4);
    return bytes;
  });
  return Buffer.concat([header, ...written, ...heap]);
}

/** A small JPEG that carries the block as it is, whatever it is (in APP1, right after the start). */
export async function jpegWith(block: Buffer): Promise<Buffer> {
  const plain = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#406080' } })
    .jpeg()
    .toBuffer();
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(block.length + 2, 2);
  return Buffer.concat([plain.subarray(0, 2), marker, block, plain.subarray(2)]);
}
