import type { Readable } from 'node:stream';
import type { RawPixels } from '../../sdk/index.ts';
import { PASS_FRAMES } from '../reader.ts';
import { thinned } from '../thinned.ts';

/** `P6 320 180 255`: a binary PPM says its own size, so a stream of them needs no agreement. */
const header = /^P6\s(\d+)\s(\d+)\s255\s/;
const HEADER_MOST = 64;

interface Size {
  width: number;
  height: number;
  headerBytes: number;
  /** Of the pixels. */
  bytes: number;
}

/** What the header of a binary PPM says, undefined where it is none, or not yet a whole one. */
export function sizeOf(head: Buffer): Size | undefined {
  const [all, width, height] = header.exec(head.toString('latin1', 0, HEADER_MOST)) ?? [];
  if (all === undefined) return undefined;
  return { width: Number(width), height: Number(height), headerBytes: all.length, bytes: Number(width) * Number(height) * 3 };
}

/** The pictures of a stream of binary PPMs, in order, by their numbers, thinned out where they are many. @throws RangeError where one has more than `most` bytes. */
export async function readPpms(stream: Readable, most: number): Promise<readonly { number: number; item: RawPixels }[]> {
  const pictures = thinned<RawPixels>(PASS_FRAMES);
  let head = Buffer.alloc(0);
  let begun: (RawPixels & { got: number }) | undefined;

  const begin = (chunk: Buffer): Buffer => {
    head = Buffer.concat([head, chunk]);
    const size = sizeOf(head);
    if (!size && head.length < HEADER_MOST) return Buffer.alloc(0);
    if (!size || size.bytes > most) throw new RangeError('FFmpeg gave something else than was asked for');
    const { width, height, bytes, headerBytes } = size;
    begun = { data: Buffer.allocUnsafe(bytes), width, height, channels: 3, got: 0 };
    const rest = head.subarray(headerBytes);
    head = Buffer.alloc(0);
    return rest;
  };
  const go = (picture: RawPixels & { got: number }, chunk: Buffer): Buffer => {
    const { got, ...pixels } = picture;
    const part = chunk.subarray(0, pixels.data.length - got);
    part.copy(pixels.data, got);
    picture.got += part.length;
    if (picture.got === pixels.data.length) {
      pictures.add(pixels);
      begun = undefined;
    }
    return chunk.subarray(part.length);
  };

  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let left = chunk;
    while (left.length > 0) left = begun ? go(begun, left) : begin(left);
  }
  return pictures.kept();
}
