import type { Span } from '../extent.ts';

/** What FFmpeg's `framecrc` muxer says of a stream: one line for each packet, in decoding order. */
export interface Listing {
  /** FFmpeg's name of the codec, empty where the stream has no packets. */
  codec: string;
  packets: Span[];
}

const NONE = Number.MIN_SAFE_INTEGER;

/** Reads `#tb 0: 1/12800`, `#codec_id 0: h264` and `stream, dts, pts, duration, size, checksum`. */
export function readListing(text: string): Listing {
  const [, numerator = '1', denominator = '1000'] = /^#tb 0: (\d+)\/(\d+)/m.exec(text) ?? [];
  const tickMs = (1000 * Number(numerator)) / Number(denominator);
  const codec = /^#codec_id 0: (\S+)/m.exec(text)?.[1] ?? '';
  const packets = text
    .split('\n')
    .filter((line) => line.startsWith('0,'))
    .map((line) => line.split(',').map(Number))
    // Some containers give a time to come (pts) for some packets only; the time to decode is near enough.
    .map(([, decode = 0, show = NONE, duration = 0]) => ({
      atMs: (show > NONE ? show : decode) * tickMs,
      durationMs: Math.max(0, duration) * tickMs,
    }));
  return { codec, packets };
}
