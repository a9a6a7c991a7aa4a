import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { openStill } from './still.ts';

const sample = join(import.meta.dirname, '../../samples/sunset.jpg');
const limits = { maxPixels: 100e6 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vitrail-still-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(bytes: Uint8Array): string {
  const path = join(folder, 'picture');
  writeFileSync(path, bytes);
  return path;
}
const plain = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: background.length > 7 ? 4 : 3, background } });
const noise = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 40 } } });

describe('what a still is', () => {
  it('is as large as asked on its longer edge, and never enlarged', async () => {
    const still = await openStill(file(await noise(1000, 500).jpeg().toBuffer()), limits);
    expect({ width: still.width, height: still.height, hasAlpha: still.hasAlpha }).toEqual({
      width: 1000,
      height: 500,
      hasAlpha: false,
    });
    for (const [edge, width, height] of [
      [256, 256, 128],
      [640, 640, 320],
      [500, 500, 250],
      [1, 1, 1],
      [1000, 1000, 500],
      [3840, 1000, 500],
      [9000, 1000, 500],
    ] as const) {
      const pixels = await still.raw(edge);
      expect([pixels.width, pixels.height, pixels.channels]).toEqual([width, height, 3]);
      expect(pixels.data).toHaveLength(width * height * 3);
    }
  });

  it('gives edges above the cascade too', async () => {
    const still = await openStill(file(await plain(4100, 40, '#336699').png().toBuffer()), limits);
    expect(await still.raw(4000)).toMatchObject({ width: 4000, height: 39 });
    expect(await still.raw(99_999)).toMatchObject({ width: 4100, height: 40 });
    expect(await still.raw(3840)).toMatchObject({ width: 3840, height: 37 });
  });

  it('stands upright as EXIF says', async () => {
    const redAbove = await plain(300, 600, '#0000ff')
      .composite([{ input: await plain(300, 300, '#ff0000').png().toBuffer(), top: 0, left: 0 }])
      .png()
      .toBuffer();
    const lying = await sharp(await sharp(redAbove).rotate(-90).png().toBuffer())
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const still = await openStill(file(lying), limits);
    expect([still.width, still.height]).toEqual([300, 600]);
    const { data, width, height } = await still.raw(256);
    expect([width, height]).toEqual([128, 256]);
    expect(data[0]).toBeGreaterThan(200);
    expect(data.at(-1)).toBeGreaterThan(200);
  });

  it('has four channels where the picture may be transparent', async () => {
    const still = await openStill(file(await plain(40, 20, '#ff000080').png({ palette: true }).toBuffer()), limits);
    expect(still.hasAlpha).toBe(true);
    const { data, channels } = await still.raw(20);
    expect(channels).toBe(4);
    expect([...data.subarray(0, 4)]).toEqual([255, 0, 0, 128]);
  });

  it.each([
    ['grey', plain(50, 40, '#808080').greyscale().jpeg(), [128, 128, 128]],
    ['grey with alpha', plain(50, 40, '#808080ff').toColourspace('b-w').png(), [128, 128, 128, 255]],
    ['16 bits', plain(50, 40, '#ff8000').toColourspace('rgb16').png(), [255, 128, 0]],
    ['CMYK', plain(50, 40, '#ffffff').toColourspace('cmyk').jpeg(), [255, 255, 255]],
    ['TIFF', plain(50, 40, '#102030').tiff(), [16, 32, 48]],
    ['AVIF', plain(50, 40, '#ffffff').avif({ effort: 0 }), [255, 255, 255]],
  ])('is 8 bit sRGB: %s', async (_name, picture, pixel) => {
    const { data, channels } = await (await openStill(file(await picture.toBuffer()), limits)).raw(256);
    expect(channels).toBe(pixel.length);
    pixel.forEach((value, i) => expect(Math.abs((data[i] ?? -99) - value)).toBeLessThanOrEqual(3));
  });

  it('brings a wide gamut into sRGB', async () => {
    const p3 = await plain(20, 20, '#ff0000').withIccProfile('p3').png().toBuffer();
    const { data } = await (await openStill(file(p3), limits)).raw(20);
    expect([...data.subarray(0, 3)]).toEqual([255, 0, 0]);
  });

  it.each([
    ['gif', 'gif'],
    ['webp', 'webp'],
  ] as const)('is the first frame of an animated %s', async (_name, format) => {
    const frames = await sharp(
      [await plain(60, 40, '#00ff00').png().toBuffer(), await plain(60, 40, '#ff0000').png().toBuffer()],
      {
        join: { animated: true },
      },
    )
      .toFormat(format, { lossless: true })
      .toBuffer();
    expect((await sharp(frames, { pages: -1 }).metadata()).pages).toBe(2);
    const still = await openStill(file(frames), limits);
    expect([still.width, still.height]).toEqual([60, 40]);
    const { data } = await still.raw(256);
    expect([...data.subarray(0, 3)]).toEqual([0, 255, 0]);
  });

  it.each([
    [1, 1],
    [161, 1],
    [1, 5000],
  ])('may be as thin as %i x %i', async (width, height) => {
    const still = await openStill(file(await plain(width, height, '#abcdef').png().toBuffer()), limits);
    for (const edge of [3840, 640, 256, 1]) {
      const pixels = await still.raw(edge);
      expect(Math.max(pixels.width, pixels.height)).toBe(Math.min(edge, Math.max(width, height)));
      expect(Math.min(pixels.width, pixels.height)).toBe(1);
    }
  });
});

describe('how often a still is decoded', () => {
  it('needs its file once, whatever smaller sizes are asked for later', async () => {
    const path = join(folder, 'gone.jpg');
    copyFileSync(sample, path);
    const still = await openStill(path, limits);
    await still.raw(256);
    rmSync(path);
    for (const edge of [1920, 1280, 1000, 640, 320, 64]) expect((await still.raw(edge)).data.length).toBeGreaterThan(0);
  });

  it('gives all who ask, at once or later, the same pixels', async () => {
    const still = await openStill(sample, limits);
    const [one, other] = await Promise.all([still.raw(640), still.raw(640)]);
    expect(one).toBe(other);
    expect(await still.raw(640)).toBe(one);
  });

  it('gives the same pixels in whatever order sizes were asked for', async () => {
    const [up, down] = await Promise.all([openStill(sample, limits), openStill(sample, limits)]);
    const edges = [256, 500, 640, 1280];
    const rising = new Map<number, Buffer>();
    for (const edge of edges) rising.set(edge, (await up.raw(edge)).data);
    for (const edge of edges.toReversed())
      expect((await down.raw(edge)).data.equals(rising.get(edge) ?? Buffer.alloc(0))).toBe(true);
  });

  it('keeps nothing once it is closed', async () => {
    const still = await openStill(sample, limits);
    await still.raw(256);
    still.close();
    await expect(still.raw(256)).rejects.toMatchObject({ name: 'TransientError' });
  });
});

describe('what is refused', () => {
  const refused = async (bytes: Uint8Array, maxPixels = limits.maxPixels): Promise<Error> => {
    const thrown: unknown = await openStill(file(bytes), { maxPixels })
      .then((still) => still.raw(256))
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(thrown).toMatchObject({ name: 'PermanentError' });
    return thrown as Error;
  };

  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('a %s that ends early', async (format) => {
    const whole = await noise(300, 200).toFormat(format).toBuffer();
    const { message } = await refused(whole.subarray(0, whole.length >> 1));
    expect(message).toMatch(/ends early|damaged|no picture/);
    expect(message).not.toContain(folder);
  });

  it('a photo cut off in the middle, in words for people', async () => {
    const whole = readFileSync(sample);
    expect((await refused(whole.subarray(0, whole.length - 2000))).message).toBe(
      'The file ends early: the rest of the picture is missing',
    );
  });

  it('damaged pixels', async () => {
    const png = await noise(300, 200).png().toBuffer();
    png.fill(3, 5000, 6000);
    expect((await refused(png)).message).toContain('damaged');
  });

  it('what is no picture, and no file at all', async () => {
    expect((await refused(Buffer.from('no picture '.repeat(50)))).message).toContain('no picture');
    await refused(Buffer.alloc(0));
    await expect(openStill(join(folder, 'nowhere'), limits)).rejects.toMatchObject({ name: 'TransientError' });
  });

  it('kinds of picture that are not meant to be decoded, though the library could', async () => {
    await refused(
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="9" height="9"/></svg>'),
    );
    await refused(Buffer.from('P3\n1 1\n255\n255 0 0\n'));
  });

  it('more pixels than allowed, before any is decoded', async () => {
    const { message } = await refused(await plain(2000, 1001, '#123456').png().toBuffer(), 2_000_000);
    expect(message).toContain('more than 2 megapixels');
    await (await openStill(file(await plain(2000, 1000, '#123456').png().toBuffer()), { maxPixels: 2_000_000 })).raw(256);
  });

  it('sizes that are none', async () => {
    const still = await openStill(sample, limits);
    for (const edge of [0, -1, 1.5, Number.NaN]) await expect(still.raw(edge)).rejects.toThrow(RangeError);
  });
});
