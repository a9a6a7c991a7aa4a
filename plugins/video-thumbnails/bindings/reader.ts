import { AV_LOG_QUIET, AV_NOPTS_VALUE, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { Frame, Log, Packet } from 'node-av/lib';
import type { RawPixels } from '../../sdk/index.ts';
import { extent, type Span } from '../extent.ts';
import { fit, ROUNDED_MS } from '../filters.ts';
import {
  type Frame as SeenFrame,
  KEYFRAMES_APART_MS,
  type Limits,
  nothingSoFar,
  PASS_FRAMES,
  SMALL_EDGE,
  usualLimits,
  type VideoReader,
} from '../reader.ts';
import { thinned } from '../thinned.ts';
import { type Clip, type Decoding, openClip } from './clip.ts';
import { pictures } from './picture.ts';

const WELL_BEFORE_MS = 3000;

/** Packets and frames of one clip, with what FFmpeg has allocated for them. */
async function withClip<T>(
  source: Parameters<typeof openClip>[0],
  decoding: Decoding,
  signal: AbortSignal,
  use: (clip: Clip, packet: Packet, frame: Frame) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const clip = await openClip(source, decoding);
  const packet = new Packet();
  const frame = new Frame();
  packet.alloc();
  frame.alloc();
  try {
    return await use(clip, packet, frame);
  } finally {
    frame.free();
    packet.free();
    await clip.close();
  }
}

const timeOf = (frame: Frame): bigint => (frame.bestEffortTimestamp === AV_NOPTS_VALUE ? frame.pts : frame.bestEffortTimestamp);

/** The frames from where the clip stands; each is there until the next is asked for. `onPacket` says whether a packet is decoded, or that it is enough. */
async function* decoded(
  { format, stream, decoder }: Clip,
  { packet, frame }: { packet: Packet; frame: Frame },
  { signal, timeOver }: { signal: AbortSignal; timeOver: () => boolean },
  onPacket: (packet: Packet) => 'decode' | 'pass' | 'enough',
): AsyncGenerator<Frame> {
  for (let over = false; !over;) {
    signal.throwIfAborted();
    if (timeOver()) return;
    const read = format.readFrameSync(packet);
    if (read >= 0 && packet.streamIndex !== stream.index) {
      packet.unref();
      continue;
    }
    const what = read < 0 ? 'enough' : onPacket(packet);
    over = what === 'enough';
    // A packet that cannot be decoded is passed over: the next ones may do.
    if (what !== 'pass') await decoder.sendPacket(over ? null : packet);
    packet.unref();
    while (what !== 'pass' && (await decoder.receiveFrame(frame)) >= 0) {
      yield frame;
      frame.unref();
    }
  }
}

/** Whether so many milliseconds have gone since now. */
function after(ms: number): () => boolean {
  const atMs = performance.now() + ms;
  return () => performance.now() > atMs;
}

/** FFmpeg's libraries within this process, by the npm package node-av. */
const reader = (limits: Limits): VideoReader => ({
  pass(source, { take, withinMs, unlessLonger = false }, signal) {
    const keyframes = take === 'keyframes';
    const decoding: Decoding = keyframes ? { skip: 'nokey', deblock: true } : { skip: 'noref', deblock: false };
    const timeOver = after(limits.passMs);
    return withClip(source, decoding, signal, async (clip, packet, frame) => {
      const { headerMs, codec } = clip;
      if (unlessLonger && headerMs !== undefined && headerMs > withinMs)
        return { tooLong: true, cut: false, headerMs, codec, count: 0, firstMs: 0, endMs: 0, frames: [] };
      const made = pictures([...clip.upright, fit(SMALL_EDGE, 'area')].join());
      const spans: Span[] = [];
      const frames = thinned<SeenFrame>(PASS_FRAMES);
      const apartMs = keyframes ? KEYFRAMES_APART_MS : take.everyMs;
      let lastMs = -Infinity;
      const onPacket = ({ pts, dts, duration, isKeyframe }: Packet): 'decode' | 'pass' | 'enough' => {
        // Some containers give a time to come (pts) for some packets only; the time to decode is near enough.
        const time = pts === AV_NOPTS_VALUE ? dts : pts;
        const atMs = time === AV_NOPTS_VALUE ? undefined : clip.ms(time);
        if (atMs !== undefined && atMs >= withinMs) return 'enough';
        // What comes before the first keyframe cannot be shown, nor what a player leaves out.
        if (atMs !== undefined && (spans.length > 0 || isKeyframe))
          spans.push({ atMs, durationMs: clip.ms(duration) - clip.ms(0n) });
        return !keyframes || isKeyframe ? 'decode' : 'pass';
      };
      try {
        for await (const one of decoded(clip, { packet, frame }, { signal, timeOver }, onPacket)) {
          const atMs = clip.ms(timeOf(one));
          if (atMs < 0 || atMs - lastMs < apartMs - ROUNDED_MS) continue;
          lastMs = atMs;
          frames.add({ atMs, key: keyframes, small: made.of({ frame: one, aspect: clip.stream.sampleAspectRatio }) });
        }
      } finally {
        made.close();
      }
      const cut = timeOver();
      const seen = frames.kept().map(({ item }) => item);
      if (cut && seen.length === 0) throw nothingSoFar(limits);
      return {
        ...{ tooLong: false, cut },
        headerMs,
        codec,
        count: spans.length,
        ...extent(spans),
        frames: seen,
      };
    });
  },

  frames(source, { atMs, edge, keyframes }, signal) {
    const whole = edge > SMALL_EDGE;
    const decoding: Decoding = { skip: keyframes ? 'nokey' : 'noref', deblock: whole };
    const timeOver = after(limits.framesMs);
    return withClip(source, decoding, signal, async (clip, packet, frame) => {
      const made = pictures([...clip.upright, fit(edge, whole ? 'bicubic' : 'area')].join());
      const from = async (startMs: number, ms: number): Promise<RawPixels | undefined> => {
        await clip.format.seekFrame(clip.stream.index, clip.timestamp(Math.max(0, startMs)), AVSEEK_FLAG_BACKWARD);
        clip.decoder.flushBuffers();
        const onPacket = ({ isKeyframe }: Packet): 'decode' | 'pass' => (!keyframes || isKeyframe ? 'decode' : 'pass');
        for await (const one of decoded(clip, { packet, frame }, { signal, timeOver }, onPacket))
          if (clip.ms(timeOf(one)) >= ms - 1) return made.of({ frame: one, aspect: clip.stream.sampleAspectRatio });
        return undefined;
      };
      // Containers without an index are sought by guesses, which may miss what comes at once.
      const at = async (ms: number) => (await from(ms - 1, ms)) ?? from(ms - WELL_BEFORE_MS, ms);
      const found: (RawPixels | undefined)[] = [];
      try {
        for (const ms of atMs) found.push(await at(ms));
      } finally {
        made.close();
      }
      return found;
    });
  },
});

/** The reader, loaded: 80 MB of this process, so only where there is nothing else. */
export async function bindings(limits = usualLimits): Promise<VideoReader> {
  Log.setLevel(AV_LOG_QUIET);
  return reader(limits);
}
