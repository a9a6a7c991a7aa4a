import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { BlobRef, RawPixels, Still } from '../sdk/index.ts';
import { enrichOnce, type Fixture, pictures, readable, testEnricher, unreadable } from '../sdk/testkit.ts';
import variants from './index.ts';
import { edgesBelow } from './presets.ts';

const sample = (name: string): string => fileURLToPath(new URL(`../../samples/${name}.jpg`, import.meta.url));
const samples = ['autumn-ridge', 'gradient', 'paint-brushes', 'two-dogs'].map(sample);

testEnricher(variants, {
  accepts: [sample('autumn-ridge'), ...readable],
  rejects: unreadable,
  golden: { file: new URL('./golden.json', import.meta.url), fixtures: samples },
});

async function made(fixture: Fixture, config: unknown = {}) {
  const { outputs, files } = await enrichOnce(variants, fixture, { config });
  const refs = outputs.files as BlobRef[];
  return { names: refs.map(({ name }) => name), refs, data: (name: string): Buffer => files.get(name)!.data };
}

const black: RawPixels = { data: Buffer.alloc(12), width: 2, height: 2, channels: 3 };

function cancellation() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(new Error('cancelled')) };
}

/** Runs on a still of 4000 × 3000 whose pixels come from the test. */
function onPixels(raw: Still['raw'], { signal = new AbortController().signal, put = [] as string[] } = {}) {
  const asset = { id: '1', sha256: 'a', filename: 'a', type: 'image/jpeg', bytes: 1, width: 4000, height: 3000 };
  return variants.enrich(asset, {
    still: { width: 4000, height: 3000, hasAlpha: false, raw },
    config: variants.config.parse({}),
    signal,
    inputs: {},
    async put(name, data, { type }) {
      put.push(name);
      return { name, key: name, type, bytes: data.length };
    },
    original: async () => '',
    progress: () => undefined,
  });
}

describe('edgesBelow', () => {
  it('leaves out what would enlarge or only repeat the original, and comes largest first', () => {
    expect(edgesBelow(1280, [320, 1280, 640, 1920])).toEqual([640, 320]);
    expect(edgesBelow(1281, [320, 1280, 320])).toEqual([1280, 320]);
    expect(edgesBelow(16, [320])).toEqual([]);
  });
});

describe('variants', () => {
  it('makes every preset below the original in every format', async () => {
    expect((await made(pictures.jpeg)).names).toEqual(['320.jpg', '320.webp']);
    const chosen = await made(pictures.jpeg, { presets: [100, 50, 480], formats: ['avif', 'jpeg'] });
    expect(chosen.names).toEqual(['100.avif', '100.jpg', '50.avif', '50.jpg']);
  });

  it('makes none of a picture that is smaller than every preset', async () => {
    expect((await made(pictures.white)).names).toEqual([]);
  });

  it('keeps the aspect of landscapes, portraits and hair lines', async () => {
    const sizes = async (fixture: Fixture, config: object) =>
      (await made(fixture, { ...config, formats: ['jpeg'] })).refs.map(({ width, height }) => [width, height]);
    expect(await sizes(pictures.jpeg, { presets: [320, 100] })).toEqual([
      [320, 213],
      [100, 67],
    ]);
    expect(await sizes(sample('two-dogs'), { presets: [640] })).toEqual([[426, 640]]);
    expect(await sizes(pictures.line, { presets: [80] })).toEqual([[80, 1]]);
  });

  it.each(['jpeg', 'webp', 'avif'] as const)('gives %s bytes of the size and type they are said to have', async (format) => {
    const { refs, data } = await made(pictures.jpeg, { presets: [200], formats: [format] });
    for (const { name, type, width, height } of refs) {
      const is = await sharp(data(name)).metadata();
      expect([is.mediaType, is.width, is.height, is.space, is.depth, is.pages ?? 1]).toEqual([
        type,
        width,
        height,
        'srgb',
        'uchar',
        1,
      ]);
    }
    expect(refs).toHaveLength(1);
  });

  it.each(['jpeg', 'webp', 'avif'] as const)(
    'turns the picture upright and keeps where it was taken out of %s',
    async (format) => {
      const original = await sharp(await pictures.turned.bytes()).metadata();
      expect(original).toMatchObject({ orientation: 6, exif: expect.any(Buffer) });
      const { refs, data } = await made(pictures.turned, { presets: [200], formats: [format] });
      const is = await sharp(data(refs[0]!.name)).metadata();
      expect(is).toMatchObject({ width: 200, height: 133 });
      for (const kind of ['exif', 'icc', 'iptc', 'xmp', 'orientation'] as const)
        expect([kind, is[kind]]).toEqual([kind, undefined]);
    },
  );

  it('keeps what is transparent, and shows it white where the format cannot', async () => {
    const { data } = await made(pictures.alpha, { presets: [200], formats: ['jpeg', 'webp', 'avif'] });
    const at = async (name: string): Promise<number[]> =>
      [...(await sharp(data(name)).extract({ left: 180, top: 60, width: 1, height: 1 }).raw().toBuffer())].slice(
        name.endsWith('.jpg') ? 0 : 3,
      );
    expect(await at('200.webp')).toEqual([0]);
    expect(await at('200.avif')).toEqual([0]);
    expect((await at('200.jpg')).every((level) => level > 250)).toBe(true);
  });

  it('makes better pictures at more quality', async () => {
    const bytes = async (quality: number) =>
      (
        await made(pictures.jpeg, { formats: ['jpeg', 'webp', 'avif'], jpeg: { quality }, webp: { quality }, avif: { quality } })
      ).refs.map(({ bytes: size }) => size);
    const [low, high] = [await bytes(30), await bytes(90)];
    low.forEach((size, i) => expect(high[i]).toBeGreaterThan(size));
  });

  it('asks for the sizes largest first, so that each is made from the one before', async () => {
    const asked: number[] = [];
    await onPixels(async (edge) => {
      asked.push(edge);
      return black;
    });
    expect(asked).toEqual([3840, 2560, 1920, 1280, 640, 320]);
  });

  it('puts nothing more when it is cancelled while it encodes', async () => {
    const { signal, abort } = cancellation();
    const put: string[] = [];
    const run = onPixels(
      async () => {
        setImmediate(abort);
        return { data: Buffer.alloc(3e6), width: 1000, height: 1000, channels: 3 };
      },
      { signal, put },
    );
    await expect(run).rejects.toThrow('cancelled');
    expect(put).toEqual([]);
  });

  it('encodes nothing more when it is cancelled before that', async () => {
    const { signal, abort } = cancellation();
    const run = onPixels(
      async () => {
        abort();
        return { ...black, data: Buffer.from('too few') };
      },
      { signal },
    );
    await expect(run).rejects.toThrow('cancelled');
  });

  it.each([{ presets: [8] }, { formats: ['gif'] }, { jpeg: { quality: 0 } }, { webp: { effort: 7 } }, { size: 1 }])(
    'refuses the options %j',
    (options) => {
      expect(variants.config.safeParse(options).success).toBe(false);
    },
  );
});
