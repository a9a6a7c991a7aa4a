import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { sharp } from '../../mixins/pictures.ts';
import { headBytes, probe, probeHead } from './probe.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-probe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function probed(bytes: Uint8Array | string, maxPixels = 100_000_000) {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  return probe(path, maxPixels);
}
const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#336699' } });

const clip = (name: string): string => `test/fixtures/clips/${name}`;

/** The clip with another size in its sample description (ISO 14496-12, 8.5.2: 24 bytes into the entry, 16 bits each). */
async function withSize(name: string, width: number, height: number): Promise<Buffer> {
  const bytes = await readFile(clip(name));
  const entry = bytes.indexOf('avc1', bytes.indexOf('stsd')) + 4;
  bytes.writeUInt16BE(width, entry + 24);
  bytes.writeUInt16BE(height, entry + 26);
  return bytes;
}

/** A PNG of any size that says so in its header and nearly nothing else: what a decompression bomb looks like from outside. */
function hugePng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const sizes = Buffer.alloc(8);
    sizes.writeUInt32BE(data.length, 0);
    sizes.writeUInt32BE(crc(body), 4);
    return Buffer.concat([sizes.subarray(0, 4), body, sizes.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
function crc(bytes: Buffer): number {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}

describe('probe', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)('knows %s by its bytes', async (format) => {
    expect(await probed(await plain(30, 20).toFormat(format).toBuffer())).toEqual({
      type: `image/${format}`,
      width: 30,
      height: 20,
    });
  });

  it('gives the upright size of a picture on its side', async () => {
    const turned = await plain(30, 20).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await probed(turned)).toMatchObject({ width: 20, height: 30 });
  });

  it('gives the size of one frame of an animation', async () => {
    const frames = await Promise.all(
      ['red', 'blue'].map((background) =>
        sharp({ create: { width: 8, height: 6, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const animated = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect(await probed(animated)).toEqual({ type: 'image/gif', width: 8, height: 6 });
  });

  it.each([
    ['pan.mp4', { type: 'video/mp4', width: 320, height: 180, durationMs: 3000 }],
    ['pan.webm', { type: 'video/webm', width: 320, height: 180, durationMs: 3000 }],
    ['sideways.mp4', { type: 'video/mp4', width: 180, height: 320, durationMs: 3000 }],
  ])('reads size and duration of %s from its header', async (name, seen) => {
    expect(await probed(await readFile(clip(name)))).toEqual(seen);
  });

  it('leaves the event loop free while it reads the header of a video', async () => {
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    await probed(await readFile(clip('pan.mp4')));
    clearInterval(turning);
    expect(turns).toBeGreaterThan(5);
  });

  it('says that a file of sound alone has no video', async () => {
    const refusal = { type: 'upload.unreadable', message: expect.stringContaining('no video') };
    await expect(probed(await readFile(clip('sound-only.mp4')))).rejects.toMatchObject(refusal);
  });

  it('refuses a video whose header says that it has too many pixels', async () => {
    await expect(probed(await withSize('pan.mp4', 16_384, 16_384))).rejects.toMatchObject({
      type: 'upload.picture-too-large',
      data: { height: 16_384 },
    });
  });

  it.each([
    ['cut off before its index', async () => (await readFile(clip('pan.mp4'))).subarray(0, 100)],
    ['whose index is noise', async () => (await readFile(clip('pan.mp4'))).fill(0xa5, 40, 2000)],
    ['that is a playlist', async () => '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'],
    ['that is a list of files', async () => "ffconcat version 1.0\nfile '/etc/passwd'\n"],
  ])('refuses a video %s', async (_what, bytes) => {
    await expect(probed(await bytes())).rejects.toMatchObject({
      code: expect.any(Number),
      type: expect.stringMatching(/^upload/),
    });
  });

  it.each([
    ['text', 'hello '.repeat(100), 'upload.type-refused'],
    ['nothing', '', 'upload.type-refused'],
    [
      'SVG',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
      'upload.type-refused',
    ],
    ['a zip', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(60)]), 'upload.type-refused'],
    [
      'HTML behind a JPEG signature',
      Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('<script>alert(1)</script>')]),
      'upload.unreadable',
    ],
  ])('refuses %s', async (_what, bytes, code) => {
    await expect(probed(bytes)).rejects.toMatchObject({ type: code });
  });

  it('refuses a picture cut off inside its header', async () => {
    const whole = await readFile('samples/sunset.jpg');
    await expect(probed(whole.subarray(0, 30))).rejects.toMatchObject({ type: 'upload.unreadable' });
  });

  it.each([
    [16_000, 16_000],
    [30_000, 20_000],
  ])('refuses %i × %i pixels without decoding them', async (width, height) => {
    await expect(probed(hugePng(width, height))).rejects.toMatchObject({
      type: 'upload.picture-too-large',
      data: { width, height },
    });
  });
});

describe('the first bytes of a file', () => {
  const limit = 100_000_000;
  const noise = Buffer.alloc(2 * headBytes, 0xa5);

  it('tell all of a JPEG, as the whole file does', async () => {
    const turned = await plain(3000, 2000).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const whole = Buffer.concat([turned, noise]);
    const seen = await probeHead(whole.subarray(0, headBytes), limit);
    expect(seen).toEqual({ type: 'image/jpeg', width: 2000, height: 3000 });
    expect(await probed(whole)).toEqual(seen);
    await expect(probeHead(whole.subarray(0, headBytes), 1000)).rejects.toMatchObject({ type: 'upload.picture-too-large' });
  });

  it('do not tell of a JPEG whose header goes on behind them, nor of what is none', async () => {
    const jpeg = await plain(30, 20).jpeg().toBuffer();
    // Comments (ITU-T T.81, B.2.4.5), of 65,533 bytes each.
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(65_533)]);
    const long = Buffer.concat([jpeg.subarray(0, 2), ...Array<Buffer>(5).fill(comment), jpeg.subarray(2)]);
    expect(await probeHead(long.subarray(0, headBytes), limit)).toBeNull();
    expect(await probed(long)).toMatchObject({ width: 30, height: 20 });
    // The orientation of WebP comes behind its pixels.
    expect(await probeHead(await plain(30, 20).webp().withMetadata({ orientation: 6 }).toBuffer(), limit)).toBeNull();
    expect(await probeHead(Buffer.from('hello'), limit)).toBeNull();
  });
});
