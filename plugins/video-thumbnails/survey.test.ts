import type { VideoReader } from './reader.ts';
import { openScratch } from './scratch.ts';
import { survey } from './survey.ts';

const { signal } = new AbortController();

describe('a look over the clip', () => {
  /** Keyframes of a minute, and what else was asked for. */
  async function looked(keyMs: readonly number[], wanted = 8) {
    const sought: (number | 'all over')[] = [];
    const pass = { tooLong: false, cut: false, headerMs: 60_000, codec: 'h264', count: 1500, firstMs: 0, endMs: 60_000 };
    const picture = (atMs: number) => ({
      data: Buffer.alloc(32 * 18 * 3, 40 + (atMs % 100)),
      width: 32,
      height: 18,
      channels: 3 as const,
    });
    const reader: VideoReader = {
      async pass(_source, { take }) {
        if (take !== 'keyframes') sought.push('all over');
        return { ...pass, frames: keyMs.map((atMs) => ({ atMs, key: true, small: picture(atMs) })) };
      },
      frames: async (_source, { atMs }) => {
        sought.push(...atMs);
        return atMs.map(picture);
      },
    };
    const scratch = await openScratch();
    try {
      await survey(reader, { path: '', demuxer: 'mov' }, { wanted, scratch }, signal);
    } finally {
      await scratch.close();
    }
    return sought;
  }

  it.each([
    ['25 frames per second', [0, 10, 20, 30, 40, 50]],
    ['23.976 frames per second', [0, 10.427, 20.854, 31.281, 41.708, 52.135]],
    ['30 frames per second', [0, 8.333, 16.667, 25, 33.333, 41.667, 50, 58.333]],
  ])('is content with the keyframes that coders make by default of %s', async (_what, seconds) => {
    expect(await looked(seconds.map((at) => at * 1000))).toEqual([]);
  });

  it.each([
    ['are half of what is wanted', [0, 15_000, 30_000, 45_000], 8, ['all over']],
    ['are all in one part', [0, 2000, 4000, 6000, 8000, 10_000], 8, ['all over']],
    ['leave a part out, for the spans without one', [0, 16_000, 39_900], 4, [45_500]],
  ])('goes between keyframes where they %s', async (_what, keyMs, wanted, sought) => {
    expect(await looked(keyMs, wanted)).toEqual(sought);
  });
});
