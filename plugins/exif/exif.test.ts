import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { enrichOnce, pictures, readable, testEnricher } from '../sdk/testkit.ts';
import { blockOf, type Entry, entry, jpegWith, tag } from './fixtures.ts';
import exif from './index.ts';

const { ascii, words, longs, fractions } = entry;
const samples = [
  'autumn-ridge',
  'dandelions',
  'gradient',
  'paint-brushes',
  'picos-de-europa',
  'sunset',
  'two-dogs',
  'wine-table',
].map((name) => fileURLToPath(new URL(`../../samples/${name}.jpg`, import.meta.url)));

const gps: Entry[] = [
  ascii(tag.latitudeRef, 'N\0'),
  fractions(tag.latitude, [
    [46, 1],
    [31, 1],
    [1234, 100],
  ]),
  ascii(tag.longitudeRef, 'W\0'),
  fractions(tag.longitude, [
    [6, 1],
    [37, 1],
    [0, 1],
  ]),
  { tag: tag.altitudeRef, type: 1, data: Buffer.from([0]), count: 1 },
  fractions(tag.altitude, [[37_250, 100]]),
];
const whole = {
  image: [ascii(tag.make, 'Canon\0'), ascii(tag.model, 'Canon EOS R5\0'), ascii(tag.software, 'Firmware 1.8.1\0')],
  photo: [
    fractions(tag.exposureTime, [[1, 60]]),
    fractions(tag.aperture, [[28, 10]]),
    words(tag.iso, [400]),
    ascii(tag.original, '2023:05:06 12:34:56\0'),
    ascii(tag.offsetOriginal, '+02:00\0'),
    fractions(tag.exposureBias, [[-2, 3]], { signed: true }),
    words(tag.flash, [0x10]),
    fractions(tag.focalLength, [[35, 1]]),
    words(tag.focalLength35, [56]),
    ascii(tag.lens, 'RF35mm F1.8 MACRO IS STM\0'),
  ],
  gps,
};
const camera = { name: 'camera.jpg', bytes: () => jpegWith(blockOf(whole)) };

testEnricher(exif, {
  // It reads what stands before the picture: one that ends early is as good.
  accepts: [camera, ...readable, pictures.truncated],
  rejects: [{ file: pictures.text, reason: /no picture/ }, { file: pictures.empty }],
  golden: { file: new URL('./golden.json', import.meta.url), fixtures: [camera, pictures.turned, ...samples] },
});

/** What is found in a file with this block, without what is undefined. */
async function found(block: Buffer, config: unknown = {}): Promise<Record<string, unknown>> {
  const bytes = await jpegWith(block);
  const { outputs } = await enrichOnce(exif, { name: 'a.jpg', bytes: () => bytes }, { config });
  return JSON.parse(JSON.stringify(outputs)) as Record<string, unknown>;
}
const image = (...entries: Entry[]) => found(blockOf({ image: entries }));
const photo = (...entries: Entry[]) => found(blockOf({ photo: entries }));

describe('exif', () => {
  it.each(['jpeg', 'webp', 'png', 'avif'] as const)('is read from %s', async (format) => {
    const bytes = await sharp(await jpegWith(blockOf(whole)))
      .keepExif()
      .toFormat(format)
      .toBuffer();
    const { outputs } = await enrichOnce(exif, { name: 'a', bytes: () => bytes });
    expect(outputs).toMatchObject({
      camera: 'Canon EOS R5',
      takenAt: '2023-05-06T12:34:56+02:00',
      exposureTime: 0.0166667,
      iso: 400,
    });
  });

  it('says nothing of a picture that has none', async () => {
    const { outputs } = await enrichOnce(exif, pictures.jpeg);
    expect(outputs).toEqual({});
  });

  it('never asks for pixels', async () => {
    const asked: string[] = [];
    await enrichOnce(exif, camera, { asked: (what) => asked.push(what) });
    expect(asked).toEqual(['original']);
  });

  it.each([{ gps: 'yes' }, { place: true }])('refuses the options %j', (options) => {
    expect(exif.config.safeParse(options).success).toBe(false);
  });
});

describe('the camera', () => {
  it.each([
    ['Canon', 'Canon EOS R5', 'Canon EOS R5'],
    ['NIKON CORPORATION', 'NIKON D750', 'NIKON D750'],
    ['SONY', 'ILCE-7M3', 'SONY ILCE-7M3'],
    ['OLYMPUS IMAGING CORP.  ', 'E-M10', 'OLYMPUS E-M10'],
    ['RICOH IMAGING COMPANY, LTD.', 'GR III', 'RICOH GR III'],
    ['EASTMAN KODAK COMPANY', 'KODAK DC290', 'KODAK DC290'],
    ['Leica Camera AG', 'LEICA Q2', 'LEICA Q2'],
    ['FUJIFILM', 'X100V', 'FUJIFILM X100V'],
    ['Canon', '', 'Canon'],
    ['', 'X100V', 'X100V'],
  ])('of make %j and model %j is %j', async (make, model, name) => {
    expect(await image(ascii(tag.make, `${make}\0`), ascii(tag.model, `${model}\0`))).toEqual({ camera: name });
  });

  it.each<[string, string | Buffer, string | undefined]>([
    ['in UTF-8', 'Kämera ✓\0', 'Kämera ✓'],
    ['in Latin-1', Buffer.from('Kämera\0', 'latin1'), 'Kämera'],
    ['with rubbish after its end', 'Kamera\0\xffrubbish', 'Kamera'],
    ['with line breaks and escapes', 'Ka\r\n\tme\x1b[31mra\0', 'Ka me [31mra'],
    ['that turns the direction of writing', 'Kam\u202eera\0', 'Kam era'],
    ['of 60,000 characters', 'K'.repeat(60_000), 'K'.repeat(100)],
    ['of nothing but dashes', '----\0', undefined],
    ['of blanks', '    \0', undefined],
  ])('has a name %s', async (_what, written, name) => {
    expect(await image(ascii(tag.model, written))).toEqual(name === undefined ? {} : { camera: name });
  });
});

describe('the exposure', () => {
  it.each<[string, Entry, Record<string, unknown>]>([
    ['a fraction', fractions(tag.exposureTime, [[1, 8000]]), { exposureTime: 0.000125 }],
    ['30 seconds', fractions(tag.exposureTime, [[300, 10]]), { exposureTime: 30 }],
    ['nothing by nothing', fractions(tag.exposureTime, [[0, 0]]), {}],
    ['something by nothing', fractions(tag.exposureTime, [[1, 0]]), {}],
    ['no time at all', fractions(tag.exposureTime, [[0, 1]]), {}],
    ['a text', ascii(tag.exposureTime, '1/60\0\0'), {}],
    ['an f-number of 0, for a lens without contacts', fractions(tag.aperture, [[0, 1]]), {}],
    ['a focal length of 0, likewise', fractions(tag.focalLength, [[0, 1]]), {}],
    ['a 35 mm equivalent of 0, for "unknown"', words(tag.focalLength35, [0]), {}],
    ['two sensitivities', words(tag.iso, [200, 0]), { iso: 200 }],
    ['a flash that fired', words(tag.flash, [0x19]), { flash: true }],
    ['a flash that was off', words(tag.flash, [0x10]), { flash: false }],
    ['a correction beyond any camera', fractions(tag.exposureBias, [[1000, 1]], { signed: true }), {}],
  ])('is read from %s', async (_what, one, expected) => {
    expect(await photo(one)).toEqual(expected);
  });

  it('takes a sensitivity that 16 bits are too few for from the newer tag', async () => {
    expect(await photo(words(tag.iso, [65_535]), longs(tag.recommendedIndex, [102_400]))).toEqual({ iso: 102_400 });
  });
});

describe('the date', () => {
  const dated = (original: string, ...more: Entry[]) => photo(ascii(tag.original, `${original}\0`), ...more);

  it('is local time where the camera knew no offset', async () => {
    expect(await dated('2023:05:06 12:34:56')).toEqual({ takenAt: '2023-05-06T12:34:56' });
  });

  it.each(['+02:00', '-09:30', '+14:00', '+00:00'])('has the offset %s that the camera knew', async (offset) => {
    const { takenAt } = await dated('2023:05:06 12:34:56', ascii(tag.offsetOriginal, `${offset}\0`));
    expect(takenAt).toBe(`2023-05-06T12:34:56${offset}`);
  });

  it.each(['+99:00', '+2:00', 'Z', '   :  ', '-13:00'])('has no offset from %j', async (offset) => {
    const { takenAt } = await dated('2023:05:06 12:34:56', ascii(tag.offsetOriginal, `${offset}\0`));
    expect(takenAt).toBe('2023-05-06T12:34:56');
  });

  it.each([
    '0000:00:00 00:00:00',
    '0001:01:01 00:00:00',
    '2023:02:30 12:00:00',
    '2023:13:01 12:00:00',
    '2023:01:01 24:00:00',
    '2023:01:01 12:60:00',
    '    :  :     :  :  ',
    '2023-05-06 12:34:56',
    'yesterday',
  ])('is none for %j', async (written) => {
    expect(await dated(written)).toEqual({});
  });

  it('of a scan is that of the scan, and never that of the last change', async () => {
    expect(await photo(ascii(tag.digitized, '2010:01:02 03:04:05\0'))).toEqual({ takenAt: '2010-01-02T03:04:05' });
    expect(await image(ascii(tag.dateTime, '2010:01:02 03:04:05\0'))).toEqual({});
  });
});

describe('the place', () => {
  const place = ['latitude', 'longitude', 'altitude'];
  const at = (entries: Entry[]) => found(blockOf({ gps: entries }), { gps: true });
  const but = (name: number, ...instead: Entry[]) => at([...gps.filter((one) => one.tag !== name), ...instead]);

  it('is kept to the file unless it is asked for', async () => {
    const quiet = await found(blockOf(whole));
    expect(Object.keys(quiet)).toHaveLength(11);
    for (const name of place) expect(quiet).not.toHaveProperty(name);
  });

  it('is given where it is asked for: degrees with their hemisphere, metres above the sea', async () => {
    expect(await at(gps)).toEqual({ latitude: 46.520094, longitude: -6.616667, altitude: 372.5 });
  });

  it('may lie in the south, and below the sea', async () => {
    const below = { tag: tag.altitudeRef, type: 1, data: Buffer.from([1]), count: 1 };
    expect(await but(tag.altitudeRef, below)).toMatchObject({ altitude: -372.5 });
    expect(await but(tag.latitudeRef, ascii(tag.latitudeRef, 'S\0'))).toMatchObject({ latitude: -46.520094 });
  });

  it.each<[string, number, Entry[]]>([
    ['no hemisphere', tag.latitudeRef, []],
    ['a hemisphere that is none', tag.longitudeRef, [ascii(tag.longitudeRef, 'X\0')]],
    [
      '100° north',
      tag.latitude,
      [
        fractions(tag.latitude, [
          [100, 1],
          [0, 1],
          [0, 1],
        ]),
      ],
    ],
    [
      'fractions of zeros',
      tag.latitude,
      [
        fractions(tag.latitude, [
          [0, 0],
          [0, 0],
          [0, 0],
        ]),
      ],
    ],
    ['one number', tag.longitude, [fractions(tag.longitude, [[6, 1]])]],
    ['a text', tag.longitude, [ascii(tag.longitude, '6.61 W\0')]],
  ])('is none where there is %s, altitude and all', async (_what, name, instead) => {
    expect(await but(name, ...instead)).toEqual({});
  });

  it('stays a place without seconds and without altitude', async () => {
    const minutes = fractions(tag.latitude, [
      [46, 1],
      [315, 10],
      [0, 0],
    ]);
    expect(await but(tag.latitude, minutes)).toMatchObject({ latitude: 46.525 });
    expect(await but(tag.altitude)).toEqual({ latitude: 46.520094, longitude: -6.616667 });
  });
});

describe('a block that no camera writes', () => {
  const good = ascii(tag.model, 'Kamera\0');
  /** Entries up to 64 KB that each claim all that a count can say. */
  const greedy = (type: number): Entry[] =>
    Array.from({ length: 5000 }, (_, i) => ({ tag: 0x1000 + i, type, data: Buffer.alloc(0), count: 0xffffffff, offset: 8 }));

  it.each<[string, Buffer]>([
    ['empty', Buffer.alloc(0)],
    ['without a byte order', Buffer.from('Exif\0\0XX*\0\x08\0\0\0')],
    ['that ends after its head', Buffer.from('Exif\0\0II*\0')],
    ['whose directory lies beyond its end', Buffer.from('Exif\0\0II*\0\xff\xff\xff\x7f', 'latin1')],
    ['with more entries than bytes', Buffer.concat([Buffer.from('Exif\0\0II*\0\x08\0\0\0\xff\xff', 'latin1'), Buffer.alloc(40)])],
    [
      'of noise',
      Buffer.concat([
        Buffer.from('Exif\0\0MM\0*\0\0\0\x08', 'latin1'),
        Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251)),
      ]),
    ],
    ...[1, 2, 3, 4, 5, 7, 10].map((type): [string, Buffer] => [
      `of 5,000 entries of type ${type} that claim four thousand million values each`,
      blockOf({ image: [good, ...greedy(type)] }),
    ]),
  ])('gives nothing, and in no time: %s', async (_what, block) => {
    const outputs = await found(block, { gps: true });
    expect([{}, { camera: 'Kamera' }]).toContainEqual(outputs);
  });

  it('gives what can be read beside an entry that makes no sense', async () => {
    const huge = { tag: tag.make, type: 3, data: Buffer.alloc(0), count: 0x7fffffff, offset: 8 };
    const lost = { tag: tag.software, type: 2, data: Buffer.alloc(0), count: 50, offset: 0x7fffffff };
    const strange = { tag: 0x0100, type: 99, data: Buffer.alloc(4), count: 1 };
    expect(await image(huge, lost, strange, good)).toEqual({ camera: 'Kamera' });
  });

  it('gives what can be read of one that is cut off anywhere', async () => {
    const block = blockOf(whole);
    const full = await found(block, { gps: true });
    const names = Object.keys(full);
    for (let end = 0; end < block.length; end += 7) {
      const { camera: name, ...part } = await found(block.subarray(0, end), { gps: true });
      // A text that is cut off is shorter.
      expect(name ?? 'Canon').toEqual(expect.stringMatching(/^Can/));
      for (const [output, value] of Object.entries(part)) {
        expect(names).toContain(output);
        expect([end, output, String(full[output]).startsWith(String(value))]).toEqual([end, output, true]);
      }
    }
  });

  it('does not go round in circles', async () => {
    const own = { image: [good, longs(tag.photo, [8]), longs(tag.gps, [8])], next: 8 };
    expect(await found(blockOf(own), { gps: true })).toEqual({ camera: 'Kamera' });
  });
});
