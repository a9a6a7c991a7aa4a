import { PermanentError } from '../sdk/index.ts';
import { demuxerOf } from './container.ts';
import { type Clips, describeWith, drivers, hasFfmpeg, openClips, tiny } from './fixtures/clips.ts';
import type { PassOptions, VideoReader } from './reader.ts';

const { signal } = new AbortController();
const all: PassOptions = { take: 'keyframes', withinMs: 600_000 };
const sourceOf = async (path: string) => ({ path, demuxer: await demuxerOf(path) });
const times = (frames: readonly { atMs: number }[]): number[] => frames.map(({ atMs }) => Math.round(atMs));

let clips: Clips;
beforeAll(async () => {
  clips = await openClips();
});
afterAll(() => clips.close());

describe.each(drivers)('video reader: $name', ({ missing, open }) => {
  let reader: VideoReader;

  describeWith(missing, 'on clips that are kept', () => {
    beforeAll(async () => {
      reader = await open();
    });

    it('gives every keyframe small, with its time, and tells what the clip is', async () => {
      const { frames, ...facts } = await reader.pass(await sourceOf(tiny.mp4), all, signal);
      expect(facts).toMatchObject({ codec: 'h264', count: 48, firstMs: 0, endMs: expect.closeTo(4000, 0) });
      expect(facts.headerMs).toBeCloseTo(4000, -2);
      expect(times(frames)).toEqual([0, 1000, 2000, 3000]);
      expect(frames.every(({ small }) => small.width === 160 && small.height === 90 && small.data.length === 160 * 90 * 3)).toBe(
        true,
      );
    });

    it('gives frames that are so far apart where keyframes are not enough', async () => {
      const { frames, codec } = await reader.pass(
        await sourceOf(tiny.webm),
        { take: { everyMs: 500 }, withinMs: 600_000 },
        signal,
      );
      expect(codec).toBe('vp9');
      expect(times(frames)).toEqual([0, 500, 1000, 1500]);
    });

    it('reads no further than it is told', async () => {
      const { frames, endMs } = await reader.pass(await sourceOf(tiny.mp4), { ...all, withinMs: 2000 }, signal);
      expect(times(frames)).toEqual([0, 1000]);
      expect(endMs).toBeLessThan(2500);
    });

    it('reads nothing of a clip that is longer than it is told to look at', async () => {
      const found = await reader.pass(await sourceOf(tiny.mp4), { ...all, withinMs: 2000, unlessLonger: true }, signal);
      expect(found).toMatchObject({ tooLong: true, headerMs: expect.closeTo(4000, -2) });
    });

    it('finds frames by their times, and none beyond the end', async () => {
      const source = await sourceOf(tiny.mp4);
      const { frames } = await reader.pass(source, all, signal);
      const found = await reader.frames(source, { atMs: [3000, 1000, 9000], edge: 320, keyframes: true }, signal);
      // The pass leaves out deblocking in one driver: nearly the same is the same.
      const apart = (a: Buffer, b: Buffer): number => a.reduce((sum, level, i) => sum + Math.abs(level - b[i]!), 0) / a.length;
      expect(apart(found[0]!.data, frames[3]!.small.data)).toBeLessThan(3);
      expect(apart(found[1]!.data, frames[1]!.small.data)).toBeLessThan(3);
      expect(found[2]).toBeUndefined();
    });

    it('finds the very frame where it is asked for that', async () => {
      const source = await sourceOf(tiny.mp4);
      const [key, between] = await reader.frames(source, { atMs: [1000, 1500], edge: 320, keyframes: false }, signal);
      expect(between!.data.equals(key!.data)).toBe(false);
    });

    it('says that it was cancelled', async () => {
      const source = await sourceOf(tiny.mp4);
      await expect(reader.pass(source, all, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
      const controller = new AbortController();
      const run = reader.pass(source, { take: { everyMs: 0 }, withinMs: 600_000 }, controller.signal);
      controller.abort(new Error('cancelled'));
      await expect(run).rejects.toThrow('cancelled');
    });

    it('takes a file by the one container it is said to be, and nothing else', async () => {
      await expect(reader.pass({ path: tiny.mp4, demuxer: 'matroska' }, all, signal)).rejects.toThrow(PermanentError);
    });
  });

  describeWith(missing ?? (hasFfmpeg ? undefined : 'no ffmpeg to make clips with'), 'on clips made for it', () => {
    beforeAll(async () => {
      reader = await open();
    });
    const first = async (path: string) => (await reader.pass(await sourceOf(path), all, signal)).frames[0]!.small;

    it.each([
      ['a clip on its side', { output: [], turn: 90 }, [180, 320]],
      ['odd dimensions', { size: [161, 91], output: ['-pix_fmt', 'yuv444p'] }, [161, 91]],
      ['pixels that are not square', { size: [160, 120], filters: ['setsar=2'] }, [320, 120]],
      ['a portrait', { size: [360, 640] }, [180, 320]],
      [
        'ten bits for each colour',
        { output: ['-pix_fmt', 'yuv420p10le', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'] },
        [320, 180],
      ],
      ['fields that are interlaced', { filters: ['tinterlace=4'], output: ['-flags', '+ilme+ildct'] }, [320, 180]],
      ['a single row', { size: [160, 2] }, [160, 2]],
    ] as const)('shows %s as people see it', async (_what, { ...made }, size) => {
      const { turn, ...how } = made as typeof made & { turn?: number };
      let path = await clips.clip({ seconds: 1, ...(how as object) });
      if (turn !== undefined) {
        const turned = clips.path('mp4');
        await clips.ffmpeg('-i', path, '-c', 'copy', '-metadata:s:v', `rotate=${turn}`, turned);
        path = turned;
      }
      const { width, height } = await first(path);
      expect([width, height]).toEqual(size);
    });

    it.each(['mkv', 'avi', 'ts', 'm2ts', 'flv', 'mpg', 'mov', '3gp'])('reads .%s', async (extension) => {
      const output = { mpg: ['-c:v', 'mpeg2video'], m2ts: ['-mpegts_m2ts_mode', '1'] }[extension] ?? [];
      const path = await clips.clip({ seconds: 2, extension, output });
      const { frames, count } = await reader.pass(await sourceOf(path), all, signal);
      expect(frames.length).toBeGreaterThanOrEqual(4);
      expect(count).toBeGreaterThanOrEqual(48);
      const [last] = frames.slice(-1);
      const [found] = await reader.frames(await sourceOf(path), { atMs: [last!.atMs], edge: 3840, keyframes: true }, signal);
      expect(found).toMatchObject({ width: 320, height: 180 });
    });
  });
});

const lacking = drivers.find(({ missing }) => missing !== undefined)?.missing;

describeWith(lacking ?? (hasFfmpeg ? undefined : 'no ffmpeg to make clips with'), 'video readers', () => {
  it.each([
    ['as television has them', ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709']],
    ['of the full range', ['-pix_fmt', 'yuvj420p']],
    ['of which nothing is said', []],
  ])('give the same colours %s', async (_what, output) => {
    const path = await clips.clip({ seconds: 1, output });
    const [p, q] = await Promise.all(
      drivers.map(async ({ open }) => (await (await open()).pass(await sourceOf(path), all, signal)).frames[0]!.small.data),
    );
    const apart = p!.reduce((sum, level, i) => sum + Math.abs(level - q![i]!), 0) / p!.length;
    expect(apart).toBeLessThan(2);
  });
});
