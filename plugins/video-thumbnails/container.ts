import { open } from 'node:fs/promises';
import { PermanentError } from '../sdk/index.ts';

/** Enough for the sync bytes of two packets of an MPEG transport stream. */
const HEAD = 512;

type Test = (head: Buffer) => boolean;
const ascii =
  (at: number, ...words: string[]): Test =>
  (head) =>
    words.some((word) => head.toString('latin1', at, at + word.length) === word);
const hex =
  (...starts: string[]): Test =>
  (head) =>
    starts.some((start) => head.toString('hex').startsWith(start));
const all =
  (...tests: Test[]): Test =>
  (head) =>
    tests.every((test) => test(head));
/** A sync byte at the start of each packet. */
const synced =
  (first: number, packet: number): Test =>
  (head) =>
    head[first] === 0x47 && head[first + packet] === 0x47;

/** FFmpeg's demuxers that are used, and what their files begin with. Playlists (HLS, DASH, ffconcat) name other files: never. */
const containers: readonly [demuxer: string, begins: Test][] = [
  ['mov', ascii(4, 'ftyp', 'moov', 'mdat', 'wide', 'free', 'skip')],
  ['matroska', hex('1a45dfa3')],
  ['avi', all(ascii(0, 'RIFF'), ascii(8, 'AVI '))],
  ['ogg', ascii(0, 'OggS')],
  ['flv', ascii(0, 'FLV\u0001')],
  ['asf', hex('3026b2758e66cf11')],
  ['mpeg', hex('000001ba')],
  ['mpegvideo', hex('000001b3')],
  ['mpegts', (head) => synced(0, 188)(head) || synced(4, 192)(head)],
];

/** The demuxer for a file, by its first bytes. @throws PermanentError where they are of none that is known. */
export async function demuxerOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const head = buffer.subarray(0, bytesRead);
    const [demuxer] = containers.find(([, begins]) => begins(head)) ?? [];
    if (demuxer === undefined)
      throw new PermanentError('The file is no video that can be read: its first bytes are of no kind known');
    return demuxer;
  } finally {
    await file.close();
  }
}
