import sharp, { type Sharp } from 'sharp';
import type { Fixture } from './fixture.ts';

const WIDTH = 480;
const HEIGHT = 320;

const [red, green, blue] = [
  [210, 40, 40],
  [60, 140, 60],
  [70, 120, 210],
] as const;

/** Blue above green with a red disc left of the middle and some grain: a turn, a flip or a swap of channels shows. */
function scene(width = WIDTH, height = HEIGHT): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const disc = (x - width / 4) ** 2 + (y - height / 2) ** 2 < (height / 5) ** 2;
      const colour = disc ? red : y < height / 2 ? blue : green;
      const grain = ((x * 7919 + y * 104_729) % 17) - 8;
      for (const [channel, level] of colour.entries()) data[at + channel] = level + grain;
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

const plain = (background: string | { r: number; g: number; b: number; alpha: number }, width = 64, height = 64): Sharp =>
  sharp({ create: { width, height, channels: typeof background === 'string' ? 3 : 4, background } });

const frames = async (): Promise<Buffer[]> => [await scene().png().toBuffer(), await scene().negate().png().toBuffer()];
const animation = async (): Promise<Sharp> => sharp(await frames(), { join: { animated: true } });

async function seenThrough(): Promise<Buffer> {
  const left = await plain('#fff', WIDTH / 2, HEIGHT)
    .ensureAlpha()
    .extend({ right: WIDTH - WIDTH / 2, background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .png()
    .toBuffer();
  return scene()
    .ensureAlpha()
    .composite([{ input: left, blend: 'dest-in' }])
    .png()
    .toBuffer();
}

async function withHalfGone(): Promise<Uint8Array> {
  const whole = await scene().jpeg().toBuffer();
  return whole.subarray(0, whole.length / 2);
}

function fixture(name: string, make: () => Uint8Array | Promise<Uint8Array>): Exclude<Fixture, string> {
  let made: ReturnType<typeof make> | undefined;
  return { name, bytes: () => (made ??= make()) };
}

const whole = {
  jpeg: fixture('scene.jpg', () => scene().jpeg().toBuffer()),
  cmyk: fixture('cmyk.jpg', () => scene().toColourspace('cmyk').jpeg().toBuffer()),
  deep: fixture('16-bit.png', () => scene().toColourspace('rgb16').png().toBuffer()),
  grey: fixture('grey.png', () => scene().toColourspace('b-w').png().toBuffer()),
  /** Its right half is transparent. */
  alpha: fixture('alpha.png', seenThrough),
  /** Upright only once its EXIF orientation (6) is obeyed; also has a camera and a place in its EXIF. */
  turned: fixture('turned.jpg', async () =>
    sharp(await scene().rotate(270).jpeg().toBuffer())
      .withExif({ IFD0: { Make: 'Vitrail' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '46/1 31/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer(),
  ),
  /** Two frames, the second one inverted. */
  gif: fixture('animated.gif', async () => (await animation()).gif().toBuffer()),
  webp: fixture('animated.webp', async () => (await animation()).webp().toBuffer()),
  pixel: fixture('pixel.png', () => plain('#204060', 1, 1).png().toBuffer()),
  line: fixture('line.png', () => scene(161, 1).png().toBuffer()),
  white: fixture('white.png', () => plain('#ffffff').png().toBuffer()),
  black: fixture('black.png', () => plain('#000000').png().toBuffer()),
  middleGrey: fixture('middle-grey.png', () => plain('#808080').png().toBuffer()),
  transparent: fixture('transparent.png', () => plain({ r: 10, g: 20, b: 30, alpha: 0 }).png().toBuffer()),
};

const damaged = {
  truncated: fixture('truncated.jpg', withHalfGone),
  text: fixture('text.jpg', () => Buffer.from('This is no picture, whatever it is called.')),
  empty: fixture('empty.jpg', () => Buffer.alloc(0)),
};

/** Pictures of the kinds that break things, made on the spot. All but the plain and the damaged ones show one scene of 480 × 320. */
export const pictures = { ...whole, ...damaged };

const { jpeg, ...others } = whole;
/** Those that can be decoded, the plainest JPEG first. */
export const readable: readonly [Fixture, ...Fixture[]] = [jpeg, ...Object.values(others)];

/** Those that cannot, for what looks at the still; it says why. */
export const unreadable: readonly { file: Fixture; reason?: RegExp }[] = [
  { file: damaged.truncated, reason: /damaged/ },
  { file: damaged.text },
  { file: damaged.empty },
];
