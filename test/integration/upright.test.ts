import { differenceEuclidean } from 'culori';
import sharp from 'sharp';
import { lookApart, lookOf } from '../../plugins/sdk/testkit/look.ts';
import type { Asset } from '../../services/contracts/asset.ts';
import type { SearchPage } from '../../services/contracts/search.ts';
import { until } from '../fixtures/until.ts';
import { allEnrichers, ask, settled, startApp, upload, type App } from './app.ts';

/** Stands in the EXIF and XMP of every original here, and must stand in nothing that is made of it. */
const secret = 'SecretMeadow';
const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  exif:GPSLatitude="46,31.2N" exif:GPSLongitude="6,37W" dc:source="${secret}"/></rdf:RDF></x:xmpmeta>`;

const [width, height] = [900, 600];

/** Blue above green, a red block at the upper left: no turn and no mirror leaves it as it is. */
async function scene(): Promise<Buffer> {
  const block = (w: number, h: number, background: string) =>
    sharp({ create: { width: w, height: h, channels: 3, background } })
      .png()
      .toBuffer();
  return sharp(await block(width, height, '#3c8c3c'))
    .composite([
      { input: await block(width, height / 2, '#4678d2'), top: 0, left: 0 },
      { input: await block(300, 200, '#d22828'), top: 60, left: 60 },
    ])
    .png()
    .toBuffer();
}

/** How the upright picture was turned clockwise, then mirrored, to lie in its file as each orientation says (TIFF 6.0, tag 274). */
const laid: Record<number, [degrees: number, mirror?: 'flip' | 'flop']> = {
  1: [0],
  2: [0, 'flop'],
  3: [180],
  4: [0, 'flip'],
  5: [90, 'flop'],
  6: [270],
  7: [90, 'flip'],
  8: [90],
};
const orientations = Object.keys(laid).map(Number);

async function photo(orientation: number): Promise<Uint8Array<ArrayBuffer>> {
  const [degrees = 0, mirror] = laid[orientation] ?? [];
  const turned = sharp(
    await sharp(await scene())
      .rotate(degrees)
      .png()
      .toBuffer(),
  );
  const lying = await (mirror === undefined ? turned : turned[mirror]()).png().toBuffer();
  const bytes = await sharp(lying)
    .withExif({
      IFD0: { Make: 'Vitrail', Artist: secret },
      IFD2: { DateTimeOriginal: '2023:05:06 12:34:56', OffsetTimeOriginal: '+02:00' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '46/1 31/1 12/1', GPSLongitudeRef: 'W', GPSLongitude: '6/1 37/1 0/1' },
    })
    .withMetadata({ orientation })
    .withXmp(xmp)
    .jpeg({ quality: 95 })
    .toBuffer();
  return new Uint8Array(bytes);
}

let app: App;
const originals = new Map<number, Uint8Array<ArrayBuffer>>();
const assets = new Map<number, Asset>();
const assetOf = (orientation: number): Asset =>
  assets.get(orientation) ??
  (() => {
    throw new Error(`there is no asset of orientation ${orientation}`);
  })();

/** Everything that pages get to see of an asset: its derived files, and sizes made on demand from them and from the original. */
async function derived({ id, variants }: Asset): Promise<{ path: string; body: Buffer }[]> {
  const formats = ['jpeg', 'webp', 'avif', 'png'];
  const wishes = formats.flatMap((format) => [`w=800&format=${format}`, `w=256&h=256&fit=cover&format=${format}`]);
  const paths = [...variants.map(({ url }) => url), ...wishes.map((wish) => `/media/${id}?${wish}`)];
  return Promise.all(
    paths.map(async (path) => {
      const { status, body } = await ask<Buffer>(app, path);
      expect([path, status]).toEqual([path, 200]);
      return { path, body };
    }),
  );
}

beforeAll(async () => {
  app = await startApp({ env: allEnrichers });
  for (const orientation of orientations) originals.set(orientation, await photo(orientation));
  for (const [orientation, bytes] of originals) {
    const { body } = await upload(app, bytes, {}, `orientation-${orientation}.jpg`);
    assets.set(orientation, body);
  }
  for (const [orientation, { id }] of assets) assets.set(orientation, await settled(app, id));
}, 180_000);
afterAll(() => app[Symbol.asyncDispose]());

describe('a picture of EXIF orientation', () => {
  it.each(orientations)('%i is upright in its size, in every derived file and in every rendition', async (orientation) => {
    const asset = assetOf(orientation);
    expect(await sharp(originals.get(orientation)).metadata()).toMatchObject({ orientation });
    expect(asset).toMatchObject({ state: 'ready', width, height });
    const look = await lookOf(await scene());
    const files = await derived(asset);
    expect(files.length).toBeGreaterThanOrEqual(4 + 8);
    for (const { path, body } of files) {
      const cover = path.includes('fit=cover');
      const expected = cover
        ? await lookOf(
            await sharp(await scene())
              .resize(256, 256)
              .png()
              .toBuffer(),
          )
        : look;
      expect([path, lookApart(expected, await lookOf(body)) < 6]).toEqual([path, true]);
    }
  });

  it.each(orientations)('%i gives its enrichers the upright picture', (orientation) => {
    const [upright, turned] = [assetOf(1), assetOf(orientation)].map(({ enrichments }) => enrichments);
    const apart = differenceEuclidean('oklab');
    for (const [enricher, output] of [
      ['palette', 'dominant'],
      ['placeholder', 'averageColor'],
    ] as const)
      expect(apart(String(turned?.[enricher]?.[output]), String(upright?.[enricher]?.[output]))).toBeLessThan(0.02);
    // The shape of the blur, and its first waves, are those of the upright picture.
    expect(String(turned?.['placeholder']?.['thumbhash']).slice(0, 5)).toBe(
      String(upright?.['placeholder']?.['thumbhash']).slice(0, 5),
    );
  });
});

describe('where a picture was taken', () => {
  it('stands in no derived file and no rendition, nor does anything else of its EXIF, XMP and IPTC', async () => {
    for (const orientation of [1, 6]) {
      const original = await sharp(originals.get(orientation)).metadata();
      expect(original).toMatchObject({ exif: expect.any(Buffer), xmp: expect.any(Buffer) });
      for (const { path, body } of await derived(assetOf(orientation))) {
        const { exif, xmp: found, iptc, comments, orientation: turn } = await sharp(body).metadata();
        expect([path, exif, found, iptc, comments, turn]).toEqual([path, ...Array<undefined>(5)]);
        expect([path, body.includes(secret), body.includes('GPS')]).toEqual([path, false, false]);
      }
    }
  });

  it('stands in nothing that is said of it', async () => {
    const { enrichments } = assetOf(6);
    expect(Object.keys(enrichments['exif'] ?? {})).not.toHaveLength(0);
    expect(JSON.stringify(await ask(app, `/api/search?limit=100`))).not.toMatch(/latitude|longitude|46\.52/i);
    expect(app.output()).not.toMatch(/46\.52|6\.61/);
  });

  it('stays in the original, which is given out as it came', async () => {
    const { body } = await ask<Buffer>(app, `/media/${assetOf(6).id}`);
    expect(body.equals(originals.get(6) ?? Buffer.alloc(0))).toBe(true);
  });
});

it('pictures are found and sorted by when they were taken', async () => {
  expect(assetOf(3).enrichments['exif']).toMatchObject({ takenAt: '2023-05-06T12:34:56+02:00', camera: 'Vitrail' });
  const find = async (query: string) => (await ask<SearchPage>(app, `/api/search?${query}`)).body.total;
  await until('all in search', async () => (await find('')) === orientations.length);
  expect(await find('exif.takenAt=2023-05-06')).toBe(8);
  expect(await find('exif.takenAt=2023-05-06T10:34:56Z')).toBe(8);
  expect(await find('exif.takenAt=..2023-05-05')).toBe(0);
  expect(await find('exif.camera=Vitrail&sort=-exif.takenAt')).toBe(8);
});
