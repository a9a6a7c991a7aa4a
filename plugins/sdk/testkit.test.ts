import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { z } from 'zod';
import { defineEnricher, type EnrichContext, type EnricherAsset, field, PermanentError, type Result } from './index.ts';
import { enricherCases, enrichOnce, pictures, type Suite, testEnricher } from './testkit.ts';

const config = z.strictObject({ edge: z.int().default(64) });
const outputs = {
  light: field.float({ title: 'Light', min: 0, max: 255 }),
  small: field.blob({ title: 'Small' }),
};
type Enrich = (asset: EnricherAsset, context: EnrichContext<z.output<typeof config>>) => Promise<Result<typeof outputs>>;

const good: Enrich = async (_asset, { still, config: { edge }, signal, put }) => {
  signal.throwIfAborted();
  const { data, ...raw } = await still.raw(edge);
  signal.throwIfAborted();
  const png = await sharp(data, { raw }).png().toBuffer();
  signal.throwIfAborted();
  const light = data.reduce((sum, level) => sum + level, 0) / data.length;
  return { light, small: await put('small.png', png, { type: 'image/png', width: raw.width, height: raw.height }) };
};

const small = (enrich: Enrich) =>
  defineEnricher({
    name: 'small',
    title: 'Small',
    version: '1.0.0',
    resultVersion: 1,
    accepts: ['image/*'],
    config,
    outputs,
    enrich,
  });

const suite = {
  accepts: [pictures.jpeg, pictures.alpha],
  rejects: [{ file: pictures.truncated, reason: /damaged/ }, { file: pictures.text }],
} satisfies Suite<typeof config>;

async function failures(enrich: Enrich, extra: Partial<Suite<typeof config>> = {}): Promise<string[]> {
  const failed: string[] = [];
  for (const { title, run } of enricherCases(small(enrich), { ...suite, ...extra })) {
    await run().catch((error: unknown) => failed.push(`${title}: ${String(error)}`));
  }
  return failed;
}

testEnricher(small(good), suite);

describe('testEnricher', () => {
  it('lets a good enricher pass', async () => {
    expect(await failures(good)).toEqual([]);
  });

  let runs = 0;
  it.each<[string, Enrich, RegExp]>([
    [
      'gives what it did not declare',
      async (...a) => ({ ...(await good(...a)), extra: 1 }),
      /^accepts scene.jpg: .*not as declared/,
    ],
    [
      'leaves an output out',
      async (...a) => ({ small: (await good(...a)).small }) as Result<typeof outputs>,
      /^accepts .*light/s,
    ],
    [
      'makes up a file',
      async (...a) => ({ ...(await good(...a)), small: { name: 'a', key: 'b', type: 'c', bytes: 1 } }),
      /^accepts .*not as `put` gave it/,
    ],
    [
      'puts a file that nobody sees',
      async (asset, context) => {
        const result = await good(asset, context);
        await context.put('other.bin', Buffer.from('a'), { type: 'application/octet-stream' });
        return result;
      },
      /^accepts .*in no output/,
    ],
    [
      'puts a file under a path',
      async (asset, context) => {
        await context.put('../a.png', Buffer.from('a'), { type: 'image/png' });
        return good(asset, context);
      },
      /^accepts .*refused/,
    ],
    ['fails', () => Promise.reject(new Error('no')), /^accepts .*no/],
    ['rolls dice', async (...a) => ({ ...(await good(...a)), light: ++runs % 255 }), /^gives the same .*different outputs/],
    [
      'makes other bytes each time',
      async (asset, context) => {
        const { light } = await good(asset, {
          ...context,
          put: (name, data, options) => context.put(`first-${name}`, data, options),
        });
        return {
          light,
          small: await context.put('small.txt', Buffer.from(String(++runs).padStart(9)), { type: 'text/plain' }),
        };
      },
      /^gives the same .*different bytes/,
    ],
    [
      'takes what cannot be decoded',
      async (asset, context) =>
        good(asset, context).catch(() =>
          context.put('a.png', Buffer.from('a'), { type: 'image/png' }).then((blob) => ({ light: 0, small: blob })),
        ),
      /^rejects truncated.jpg: .*not refused/,
    ],
    [
      'refuses as if it might pass',
      async (...a) => good(...a).catch(() => Promise.reject(new Error('it is broken'))),
      /^rejects truncated.jpg: .*PermanentError was expected/,
    ],
    [
      'refuses with words for programmers',
      async (...a) => good(...a).catch(() => Promise.reject(new PermanentError('damaged: undefined is not a function'))),
      /^rejects truncated.jpg: .*shows what is internal/,
    ],
    [
      'refuses for another reason',
      async (...a) => good(...a).catch(() => Promise.reject(new PermanentError('it is too old'))),
      /^rejects truncated.jpg: .*did not match/s,
    ],
    [
      'does not look at the signal',
      async (asset, context) => good(asset, { ...context, signal: new AbortController().signal }),
      /^ends when .*throwIfAborted/,
    ],
    [
      'looks at the signal only before it starts',
      async (asset, context) => {
        context.signal.throwIfAborted();
        return good(asset, { ...context, signal: new AbortController().signal });
      },
      /^ends when .*aborted at its first still, it went on/,
    ],
    [
      'throws when cancelled, but leaves work behind that puts a file',
      async (asset, context) => {
        context.signal.throwIfAborted();
        const work = good(asset, { ...context, signal: new AbortController().signal });
        const aborted = new Promise<never>((_, reject) => {
          context.signal.addEventListener('abort', () => reject(new Error('stopped')));
        });
        return Promise.race([work, aborted]);
      },
      /^ends when .*aborted at its first still, it went on/,
    ],
  ])('fails one that %s', async (_what, enrich, expected) => {
    expect(await failures(enrich)).toContainEqual(expect.stringMatching(expected));
  });

  it('fails one that is given a file no host would give it', async () => {
    const never = defineEnricher({ ...small(good), accepts: ['image/webp'] });
    const [first] = enricherCases(never, suite);
    await expect(first?.run()).rejects.toThrow(/image\/jpeg, which the enricher does not accept/);
  });

  it('gives the options to the run', async () => {
    const { files, outputs: got } = await enrichOnce(small(good), pictures.jpeg, { config: { edge: 30 } });
    expect(got.small).toMatchObject({ width: 30, height: 20 });
    expect(files.get('small.png')?.data.length).toBeGreaterThan(0);
  });

  it('sets an enricher up once for its options', async () => {
    const edges: number[] = [];
    const enricher = defineEnricher({ ...small(good), setup: async ({ edge }) => void edges.push(edge) });
    for (const edge of [8, 8, 9]) await enrichOnce(enricher, pictures.jpeg, { config: { edge } });
    expect(edges).toEqual([8, 9]);
  });
});

describe('golden results', () => {
  let folder: string;
  let file: URL;
  const golden = () => ({ golden: { file, fixtures: [pictures.jpeg], tolerance: { light: { value: 1 } } } });
  const updated = async (enrich: Enrich): Promise<string[]> => {
    process.env.UPDATE_GOLDENS = '1';
    try {
      return await failures(enrich, golden());
    } finally {
      delete process.env.UPDATE_GOLDENS;
    }
  };
  const lit =
    (by: number): Enrich =>
    async (asset, context) => {
      const result = await good(asset, context);
      return { ...result, light: result.light + by };
    };
  const drawn =
    (change: (picture: Sharp) => Sharp): Enrich =>
    (asset, context) =>
      good(asset, {
        ...context,
        put: async (name, data, options) => context.put(name, await change(sharp(data).png()).toBuffer(), options),
      });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'golden-'));
    file = pathToFileURL(join(folder, 'golden.json'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are missing until they are asked for, and are never written unasked', async () => {
    expect(await failures(good, golden())).toEqual([expect.stringContaining('run with UPDATE_GOLDENS=1')]);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('hold what was stored, within tolerance', async () => {
    expect(await updated(good)).toEqual([]);
    expect(await failures(good, golden())).toEqual([]);
    expect(await failures(lit(0.9), golden())).toEqual([]);
    expect(
      await failures(
        drawn((picture) => picture.modulate({ brightness: 1.01 })),
        golden(),
      ),
    ).toEqual([]);
  });

  it.each([
    ['a number', lit(1.1), /light: /],
    ['a picture that is upside down', drawn((picture) => picture.flip()), /small.png: looks different/],
    ['a picture in other colours', drawn((picture) => picture.tint('#ff0000')), /small.png: looks different/],
    ['the weight of a file', drawn((picture) => picture.png({ compressionLevel: 0 })), /small.png: \d+ bytes/],
  ])('tell a difference in %s', async (_what, changed, expected) => {
    await updated(good);
    expect(await failures(changed, golden())).toEqual([expect.stringMatching(expected)]);
  });

  it('forget files that are tested no longer when they are stored anew', async () => {
    await writeFile(file, JSON.stringify({ 'gone.jpg': { light: 1 } }));
    await updated(good);
    expect(Object.keys(JSON.parse(await readFile(file, 'utf8')) as object)).toEqual(['scene.jpg']);
  });
});
