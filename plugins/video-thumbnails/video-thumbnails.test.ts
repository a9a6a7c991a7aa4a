import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { pictures, enrichOnce, testEnricher } from '../sdk/testkit.ts';
import { overClip, posterScores, spans } from './choose.ts';
import { preview, storyboard } from './files.ts';
import { type Clips, describeWith, drivers, hasFfmpeg, openClips, tiny } from './fixtures/clips.ts';
import enricher, { videoThumbnails } from './index.ts';
import { demuxerOf } from './container.ts';
import { firstOf, lacking } from './open.ts';
import { ReaderMissing, type VideoReader } from './reader.ts';
import { openScratch } from './scratch.ts';
import { survey } from './survey.ts';
import { thinned } from './thinned.ts';
import { storyboardVtt } from './vtt.ts';

const { signal } = new AbortController();
const sample = (name: string): string => fileURLToPath(new URL(`../../samples/${name}.jpg`, import.meta.url));

for (const { name, missing, open } of drivers)
  describeWith(missing, `by ${name}`, () => {
    const reader: VideoReader = {
      pass: async (...args) => (await open()).pass(...args),
      frames: async (...args) => (await open()).frames(...args),
    };
    testEnricher(videoThumbnails(reader), {
      accepts: [tiny.mp4, tiny.webm],
      rejects: [
        { file: pictures.text, reason: /no video/ },
        { file: pictures.empty },
        { file: pictures.jpeg, reason: /no video/ },
      ],
      golden: {
        file: new URL('./golden.json', import.meta.url),
        fixtures: [tiny.mp4],
        // Two builds of FFmpeg differ by a little in their scalers.
        tolerance: Object.fromEntries(
          ['poster', 'thumbnails', 'storyboard', 'preview'].map((output) => [output, { look: 6, bytes: 0.3 }]),
        ),
      },
    });
  });

describeWith(hasFfmpeg ? undefined : 'no ffmpeg to make clips with', 'the poster', () => {
  let clips: Clips;
  beforeAll(async () => {
    clips = await openClips();
  });
  afterAll(() => clips.close());

  async function posterAt(path: string): Promise<number> {
    const reader = await drivers.find(({ missing }) => missing === undefined)!.open();
    const scratch = await openScratch();
    try {
      const source = { path, demuxer: await demuxerOf(path) };
      const { frames, durationMs } = await survey(reader, source, { wanted: 8, scratch }, signal);
      const scores = posterScores(frames, durationMs).map(({ poster }) => poster);
      return frames[scores.indexOf(Math.max(...scores))]!.atMs;
    } finally {
      await scratch.close();
    }
  }

  const text = Array.from({ length: 12 }, (_none, i) => `drawbox=x=${60 + i * 16}:y=80:w=9:h=18:color=white:t=fill`);
  it.each([
    ['does not come from black at the beginning', { seconds: 6, filters: ['fade=in:st=2:d=1'] }, [2800, 5900]],
    ['does not come from black at the end', { seconds: 6, filters: ['fade=out:st=2:d=1'] }, [200, 2100]],
    ['does not come from white that fades', { seconds: 6, filters: ['fade=in:st=2:d=2:color=white'] }, [3500, 5900]],
    [
      'is the one sharp frame among blurred ones',
      { seconds: 6, filters: ["gblur=sigma=6:enable='not(between(t,2.8,3.3))'"] },
      [2800, 3300],
    ],
    [
      'is no title card',
      {
        seconds: 6,
        graph: `[a]trim=duration=3,setpts=PTS-STARTPTS[s];[b]trim=duration=3,setpts=PTS-STARTPTS,lutyuv=y=60:u=140:v=120,${text.join()}[t];[t][s]concat[out]`,
      },
      [2900, 5900],
    ],
    [
      'is no mixture of two scenes',
      { seconds: 6, graph: '[a][b]xfade=duration=4:offset=1[out]' },
      [
        [0, 1600],
        [4400, 9000],
      ],
    ],
  ])('%s', async (_what, how, window) => {
    const at = await posterAt(await clips.clip(how));
    const windows = (Array.isArray(window[0]) ? window : [window]) as [number, number][];
    expect([at, windows.some(([from, to]) => at >= from && at <= to)]).toEqual([at, true]);
  });

  it('has the full size of the clip, and the thumbnails are of different moments', async () => {
    const path = await clips.clip({ seconds: 6, size: [1280, 720] });
    const { files, outputs } = await enrichOnce(enricher, path);
    expect(files.get('poster')!.ref).toMatchObject({ width: 1280, height: 720, type: 'image/jpeg' });
    const looks = await Promise.all(
      Array.from({ length: 8 }, (_none, i) =>
        sharp(files.get(`thumbnails-${i + 1}`)!.data)
          .resize(16, 9)
          .raw()
          .toBuffer(),
      ),
    );
    expect(new Set(looks.map((look) => look.toString('hex'))).size).toBe(8);
    expect(outputs).toMatchObject({ fps: 25, codec: 'h264', durationMs: expect.closeTo(6000, -2) });
  });

  it('looks into a long clip here and there, to its end', async () => {
    const path = await clips.clip({ seconds: 700, size: [64, 36], filters: ['fps=2'], output: ['-g', '8'] });
    for (const { missing, open } of drivers) {
      if (missing !== undefined) continue;
      const { outputs, files } = await enrichOnce(videoThumbnails(await open()), path);
      expect(outputs).toMatchObject({ fps: 2, durationMs: expect.closeTo(700_000, -3), thumbnails: { length: 8 } });
      const cues = files.get('storyboardVtt')!.data.toString().match(/-->/g);
      expect(cues).toHaveLength(24);
    }
  });

  it.each([
    ['keyframes that do', 50, 6],
    ['frames between them', 100, 8],
  ])('shows nothing black where the clip has something else: %s', async (_what, every, count) => {
    const output = ['-force_key_frames', `expr:eq(mod(n,${every}),0)`, '-g', '9999'];
    const path = await clips.clip({ seconds: 14, filters: ["lutyuv=y=16:u=128:v=128:enable='lt(t,0.3)'"], output });
    const { files, outputs } = await enrichOnce(enricher, path);
    expect(outputs['thumbnails']).toHaveLength(count);
    for (let i = 1; i <= count; i++)
      expect((await sharp(files.get(`thumbnails-${i}`)!.data).stats()).channels[1]!.mean).toBeGreaterThan(30);
  });

  it('makes as many thumbnails as it is told to', async () => {
    const path = await clips.clip({ seconds: 3, output: ['-g', '999'] });
    const { outputs } = await enrichOnce(enricher, path, { config: { thumbnails: 20 } });
    expect(outputs['thumbnails']).toHaveLength(20);
  });
});

const frame = (atMs: number, width = 32, height = 18, level = 90) => ({
  atMs,
  small: { data: Buffer.alloc(width * height * 3, level), width, height, channels: 3 as const },
});

describe('frames over the clip', () => {
  it('are the best one of each span, and others where spans are empty', () => {
    const at = (atMs: number, quality: number) => ({ ...frame(atMs), quality });
    const chosen = overClip([at(0, 0.1), at(400, 0.9), at(1200, 0.3), at(1300, 0.2), at(3500, 0.5)], 4000, 4);
    expect(chosen.map(({ atMs }) => atMs)).toEqual([400, 1200, 1300, 3500]);
  });

  it('are as many as there are where there are fewer', () => {
    expect(overClip([{ ...frame(0), quality: 0 }], 4000, 8)).toHaveLength(1);
  });

  it('are none of nothing where others are something', () => {
    const at = (atMs: number, quality: number) => ({ ...frame(atMs), quality });
    expect(overClip([at(0, 0.01), at(2000, 0.9), at(3000, 0.8)], 4000, 8).map(({ atMs }) => atMs)).toEqual([2000, 3000]);
  });

  it('come from spans that leave nothing out', () => {
    expect(spans(3000, 3)).toEqual([
      [0, 1000],
      [1000, 2000],
      [2000, Infinity],
    ]);
  });
});

describe('frames that are many', () => {
  it('are thinned out evenly as they come, by number', () => {
    const some = thinned<string>(4);
    for (let i = 0; i < 1000; i++) some.add(`frame ${i}`);
    const kept = some.kept();
    expect(kept.length).toBeGreaterThanOrEqual(4);
    expect(kept.length).toBeLessThan(8);
    expect(kept.every(({ number, item }, i) => number === i * kept[1]!.number && item === `frame ${number}`)).toBe(true);
  });
});

describe('the storyboard', () => {
  it.each([
    ['a landscape', [320, 180], 90],
    ['a portrait', [180, 320], 284],
    ['32:9', [320, 90], 45],
    ['a column of pixels', [1, 320], 320],
    ['a row of pixels', [320, 1], 16],
  ])('has tiles 160 wide for %s', async (_what, [width, height], tileHeight) => {
    const { sheet, tiles } = await storyboard(Array.from({ length: 60 }, (_none, i) => frame(i * 1000, width, height)));
    expect(tiles).toHaveLength(25);
    expect(tiles.at(-1)).toMatchObject({ x: 640, y: 4 * tileHeight, width: 160, height: tileHeight });
    expect(await sharp(sheet.data).metadata()).toMatchObject({ width: 800, height: 5 * tileHeight });
  });

  it('shows each frame where its cue says', async () => {
    const { sheet, tiles } = await storyboard([40, 120, 200].map((level, i) => frame(i * 1000, 320, 180, level)));
    for (const [i, { x, y, width, height }] of tiles.entries()) {
      const region = { left: x + 8, top: y + 8, width: width - 16, height: height - 16 };
      const { channels } = await sharp(await sharp(sheet.data).extract(region).png().toBuffer()).stats();
      expect(channels[0]!.mean).toBeCloseTo([40, 120, 200][i]!, -1);
    }
  });

  it('has cues over the whole clip without a gap', async () => {
    const { tiles } = await storyboard([500, 61_000.4, 3_700_000].map((atMs) => frame(atMs)));
    const lines = storyboardVtt(tiles, 3_723_004, 'storyboard').toString().split('\n');
    expect(lines.filter((line) => line.includes('-->'))).toEqual([
      '00:00:00.000 --> 00:01:01.000',
      '00:01:01.000 --> 01:01:40.000',
      '01:01:40.000 --> 01:02:03.004',
    ]);
    expect(lines.filter((line) => line.startsWith('storyboard'))).toEqual([
      'storyboard#xywh=0,0,160,90',
      'storyboard#xywh=160,0,160,90',
      'storyboard#xywh=320,0,160,90',
    ]);
  });
});

describe('the preview', () => {
  it('steps through its frames, three seconds at most, for ever', async () => {
    const { data } = await preview([40, 120, 200].map((level, i) => frame(i, 32, 18, level).small));
    expect(await sharp(data).metadata()).toMatchObject({ format: 'webp', pages: 3, loop: 0, delay: [350, 350, 350], height: 18 });
  });
});

describe('where it can run', () => {
  it('says what is missing only where there is neither the program nor the package', () => {
    expect(lacking('/usr/bin/ffmpeg', false)).toBeUndefined();
    expect(lacking(undefined, true)).toBeUndefined();
    expect(lacking(undefined, false)).toMatch(/no FFmpeg.*VITRAIL_FFMPEG/);
  });

  it('goes on to the next reader where the first has nothing to read with, and stays there', async () => {
    const asked: string[] = [];
    const reader = (name: string, there: boolean): VideoReader => ({
      async pass() {
        asked.push(name);
        if (!there) throw new ReaderMissing('not here');
        return { tooLong: false, cut: false, headerMs: 1, codec: name, count: 0, firstMs: 0, endMs: 0, frames: [] };
      },
      frames: async () => [],
    });
    const first = firstOf([async () => reader('programs', false), async () => reader('bindings', true)]);
    const source = { path: sample('dandelions'), demuxer: 'mov' };
    for (let i = 0; i < 2; i++)
      expect(await first.pass(source, { take: 'keyframes', withinMs: 1 }, signal)).toMatchObject({ codec: 'bindings' });
    expect(asked).toEqual(['programs', 'bindings', 'bindings']);
  });
});
