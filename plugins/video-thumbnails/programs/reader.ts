import type { Readable } from 'node:stream';
import { extent } from '../extent.ts';
import { fit, spaced } from '../filters.ts';
import {
  type Frame,
  KEYFRAMES_APART_MS,
  type Limits,
  MAX_FRAME_PIXELS,
  nothingSoFar,
  type Pass,
  PASS_FRAMES,
  type PassOptions,
  SMALL_EDGE,
  type Source,
  usualLimits,
  type VideoReader,
  WHOLE_EDGE,
} from '../reader.ts';
import { openScratch } from '../scratch.ts';
import { readListing } from './framecrc.ts';
import { readPpms } from './ppm.ts';
import { runFfmpeg } from './run.ts';
import { picturesIn } from './pictures.ts';

/**
 * These keyframes are also written whole, by their numbers, up to so many bytes. Each costs 5 ms of 1080p, a process more, to seek the
 * poster, 100. The first one hardly ever is the poster.
 */
const WHOLE_FRAMES = 'lt(n,40)*(eq(n,2)+eq(mod(n,6),1))';
const writtenWhole = (n: number): boolean => n < 40 && (n === 2 || n % 6 === 1);
/** How many were written before that one. */
const wholeBefore = (n: number): number => Array.from({ length: n }, (_none, i) => i).filter(writtenWhole).length;
const WHOLE_BYTES = 96e6;
/** Bytes of a listing, at most: some 60 for each frame. */
const LISTING_MOST = 64e6;
/** Small frames that are written, at most: as many as are so far apart in the longest time that is looked through. 415 MB of 320 by 180. */
const SMALL_MOST = 600_000 / KEYFRAMES_APART_MS;
const MAX_ALLOC = 300e6;

const pictureBytes = (edge: number): number => edge * edge * 3;

/** One decoder thread: more of them take more CPU for the same frames. The first pipes are stdout and stderr. */
const input = ({ path, demuxer }: Source, options: readonly string[]): string[] => [
  ...['-protocol_whitelist', 'file', '-f', demuxer, '-format_whitelist', demuxer],
  ...['-max_pixels', String(MAX_FRAME_PIXELS), '-threads', '1', ...options, '-i', `file:${path}`],
];
const common = ['-nostats', '-max_alloc', String(MAX_ALLOC), '-filter_threads', '1', '-filter_complex_threads', '1'];
const ppm = ['-fps_mode', 'passthrough', '-c:v', 'ppm', '-threads', '1'];
/** Many lines at a time: one by one they cost more than the frames. */
const listing = ['-flush_packets', '0', '-f', 'framecrc'];
const pipe = (number: number): string => `pipe:${number}`;

/** Deblocking is skipped where all frames are made small: a tenth of the CPU, and nothing that shows. */
const skipping = (frames: 'nokey' | 'noref', { deblock }: { deblock: boolean }): string[] => [
  ...['-skip_frame', frames],
  ...(deblock ? [] : ['-skip_loop_filter', 'all']),
];

/** The line of `Duration: 00:01:00.00, start: …` in what ffmpeg says of the file, in milliseconds. */
function headerOf(said: string): number | undefined {
  const [all, hours, minutes, seconds] = /^ {2}Duration: (\d+):(\d\d):(\d\d\.\d+), /m.exec(said) ?? [];
  return all === undefined ? undefined : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** Codings whose decoders decode every frame, whatever they are told to skip: a tenth of the length is as much work. */
const skipsNothing = /^ {2}Stream #0:\d+.*: Video: (vp8|vp9|av1)\b/m;

async function text(stream: Readable): Promise<string> {
  let all = '';
  for await (const chunk of stream.setEncoding('latin1') as AsyncIterable<string>) {
    all += chunk;
    if (all.length > LISTING_MOST) throw new RangeError('FFmpeg lists more frames than a clip can have');
  }
  return all;
}

/** Where frames begin goes to 3, a line for each packet of the stream to 4, small frames to the file at 5, whole ones to that at 6. */
const TIMES = 3;
const PACKETS = 4;
const SMALL = 5;
const WHOLE = 6;

/** Whole frames of keyframes only: the others are deblocked by nobody. */
const whole = ({ take, scratch }: PassOptions): boolean => take === 'keyframes' && scratch !== undefined;

function graphOf(options: PassOptions): string {
  const { take } = options;
  const small = fit(SMALL_EDGE, 'area');
  const frames = `[0:V:0]${spaced(take === 'keyframes' ? KEYFRAMES_APART_MS : take.everyMs)}`;
  if (!whole(options)) return `${frames},${small}[small]`;
  return `${frames},split[a][b];[a]${small}[small];[b]select='${WHOLE_FRAMES}',${fit(WHOLE_EDGE, 'bicubic')}[whole]`;
}

const passArgs = (source: Source, options: PassOptions): string[] => [
  ...['-v', 'info', ...common],
  ...input(source, [
    ...(options.take === 'keyframes' ? skipping('nokey', { deblock: true }) : skipping('noref', { deblock: false })),
    ...['-t', String(options.withinMs / 1000)],
  ]),
  ...['-filter_complex', graphOf(options)],
  // In microseconds: the default is the frame rate, which moves frames of clips that have none that is steady.
  ...['-map', '[small]', ...ppm, '-enc_time_base', '1:1000000', '-frames:v', String(SMALL_MOST)],
  ...['-f', 'tee', `[f=image2pipe]pipe\\:${SMALL}|[f=framecrc]pipe\\:${TIMES}`],
  ...['-map', '0:V:0', '-c', 'copy', '-t', String(options.withinMs / 1000), ...listing, pipe(PACKETS)],
  ...(whole(options) ? ['-map', '[whole]', ...ppm, '-f', 'image2pipe', '-fs', String(WHOLE_BYTES), pipe(WHOLE)] : []),
];

/** The programs of FFmpeg, found on the PATH. Each call is one process. */
export const programsWithin = (limits: Limits): VideoReader => ({
  async pass(source, options, signal) {
    const { take, withinMs, unlessLonger = false, scratch } = options;
    const small = await openScratch();
    const outputs = ['pipe', 'pipe', small.fd, ...(scratch && whole(options) ? [scratch.fd] : [])] as const;
    const within = { mostMs: limits.passMs, signal };
    try {
      return await runFfmpeg(
        passArgs(source, options),
        outputs,
        within,
        async ({ stream, onSaid, enough, ended }): Promise<Pass> => {
          let headerMs: number | undefined;
          let tooLong = false;
          onSaid((said) => {
            headerMs ??= headerOf(said);
            tooLong ||= unlessLonger && (headerMs ?? 0) > (skipsNothing.test(said) ? withinMs / 10 : withinMs);
            if (tooLong) enough();
          });
          const [times, packets] = await Promise.all([text(stream(TIMES)), text(stream(PACKETS))]);
          const { cut } = await ended;
          const smalls = tooLong ? [] : await (await picturesIn(small)).some(PASS_FRAMES);
          if (cut && smalls.length === 0) throw nothingSoFar(limits);
          const wholes = scratch && whole(options) ? await picturesIn(scratch) : undefined;
          const all = readListing(packets);
          // Where frames are skipped, ffmpeg itself ends the listing late.
          const listed = all.packets.filter(({ atMs }) => atMs < withinMs);
          const begins = readListing(times).packets;
          const frames = smalls.flatMap(({ number, item }): Frame[] => {
            const atMs = begins[number]?.atMs;
            if (atMs === undefined) return [];
            return [
              {
                ...{ atMs, key: take === 'keyframes', small: item },
                whole: writtenWhole(number) ? wholes?.at(wholeBefore(number)) : undefined,
              },
            ];
          });
          return { tooLong, cut, headerMs, codec: all.codec, count: listed.length, ...extent(listed), frames };
        },
      );
    } finally {
      await small.close();
    }
  },

  frames(source, { atMs, edge, keyframes }, signal) {
    const first = 3;
    const from = (ms: number): string[] => (ms > 1 ? ['-ss', ((ms - 1) / 1000).toFixed(6)] : []);
    const skip = skipping(keyframes ? 'nokey' : 'noref', { deblock: edge > SMALL_EDGE });
    const inputs = atMs.flatMap((ms) => input(source, [...skip, ...from(ms)]));
    const outputs = atMs.flatMap((_ms, i) => [
      ...['-map', `${i}:V:0`, '-vf', fit(edge, edge > SMALL_EDGE ? 'bicubic' : 'area'), '-frames:v', '1'],
      ...[...ppm, '-f', 'image2pipe', pipe(first + i)],
    ]);
    const args = ['-v', 'error', ...common, ...inputs, ...outputs];
    const pipes = atMs.map(() => 'pipe' as const);
    return runFfmpeg(args, pipes, { mostMs: limits.framesMs, signal }, async ({ stream }) => {
      const pictures = await Promise.all(atMs.map((_ms, i) => readPpms(stream(first + i), pictureBytes(edge))));
      return pictures.map(([picture]) => picture?.item);
    });
  },
});

export const programs = programsWithin(usualLimits);
