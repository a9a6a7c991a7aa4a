import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { brisque } from './brisque.ts';
import { distortions, load } from './distortions.ts';
import { lumaOf } from './luma.ts';

/**
 * How far from OpenCV's BRISQUE ours may be, of 100. Where flat areas are many (strong JPEG) the last bit of its 32 bit sums, whose order
 * depends on the processor, decides which side of 0 they count to: 0.4 there was seen, 0.03 elsewhere.
 */
const TOLERANCE = 1;

/** Debian: python3-opencv and opencv-data. */
const PYTHON = '/usr/bin/python3';
const MODELS = '/usr/share/opencv4/quality';
const SCRIPT = `
import sys, cv2
folder = sys.argv[1]
for file in sys.argv[2:]:
    print(cv2.quality.QualityBRISQUE_compute(cv2.imread(file), folder + '/brisque_model_live.yml', folder + '/brisque_range_live.yml')[0])
`;

const run = promisify(execFile);

/** Why the oracle cannot be asked, or nothing. */
async function missing(): Promise<string | undefined> {
  if (!existsSync(MODELS)) return `there is no ${MODELS}: install opencv-data`;
  return run(PYTHON, ['-c', 'import cv2; cv2.quality.QualityBRISQUE_compute']).then(
    () => undefined,
    () => `${PYTHON} has no cv2.quality: install python3-opencv`,
  );
}

const reason = await missing();
if (reason !== undefined) process.stdout.write(`BRISQUE is not held against OpenCV: ${reason}\n`);

(reason === undefined ? describe : describe.skip)('BRISQUE beside OpenCV', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'brisque-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  // Sides that are odd and even: halving them goes other ways.
  it.each([
    ['two-dogs', 640],
    ['gradient', 641],
    ['paint-brushes', 512],
    ['autumn-ridge', 333],
    ['sunset', 640],
  ])(`is within ${TOLERANCE} for %s at %d px, as it is and spoilt`, async (sample, edge) => {
    const original = await load(fileURLToPath(new URL(`../../samples/${sample}.jpg`, import.meta.url)), edge);
    const { blur, noise, jpeg } = distortions;
    const all = [original, await blur.apply(original, 2), noise.apply(original, 15), await jpeg.apply(original, 12)];
    const files = await Promise.all(
      all.map(async ({ data, width, height, channels }, i) => {
        const file = join(folder, `${sample}-${i}.png`);
        await sharp(data, { raw: { width, height, channels } }).png().toFile(file);
        return file;
      }),
    );
    const { stdout } = await run(PYTHON, ['-c', SCRIPT, MODELS, ...files]);
    const theirs = stdout.trim().split('\n').map(Number);
    const apart = all.map((pixels, i) => Math.abs(brisque(lumaOf(pixels))! - theirs[i]!));
    expect(Math.max(...apart)).toBeLessThan(TOLERANCE);
  });
});

describe('BRISQUE', () => {
  it('rates a photograph better than itself blurred, and says nothing of a picture too small', async () => {
    const original = await load(fileURLToPath(new URL('../../samples/picos-de-europa.jpg', import.meta.url)), 640);
    const blurred = await distortions.blur.apply(original, 3);
    const [clean, spoilt] = [original, blurred].map((pixels) => brisque(lumaOf(pixels))!);
    expect(clean).toBeLessThan(spoilt!);
    expect(brisque({ data: new Uint8Array(15 * 400), width: 400, height: 15 })).toBeUndefined();
  });
});
