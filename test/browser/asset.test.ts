import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { blockOf, entry, jpegWith, tag } from '../../plugins/exif/fixtures.ts';
import { until } from '../fixtures/until.ts';
import { allEnrichers, type App, samples, settled, startApp, temporaryFolder, upload } from '../integration/app.ts';
import { openPage, picturesShown, withChromium } from './browser.ts';
import { brokenPicture } from './pictures.ts';

const clip = join(import.meta.dirname, '../fixtures/clips/pan.mp4');

withChromium((browser) => {
  describe('the view of an asset', () => {
    let app: App;
    beforeAll(async () => {
      app = await startApp({ env: allEnrichers });
    });
    afterAll(() => app?.[Symbol.asyncDispose]());
    /** The page of a file that has been taken in and looked at. */
    const viewOf = async (file: string | Uint8Array<ArrayBuffer>, name?: string) => {
      const { id } = (await upload(app, file, {}, name)).body;
      await settled(app, id);
      return openPage(browser(), `${app.base}/assets/${id}`);
    };

    it('finds a moment of a video by keyboard, and shows it before it is chosen', async () => {
      await using opened = await viewOf(clip);
      const { page } = opened;
      const strip = page.getByRole('slider', { name: 'Moment of the video' });
      const seconds = () => page.locator('video').evaluate((video) => (video as unknown as { currentTime: number }).currentTime);
      await strip.focus();
      expect(await seconds()).toBe(0);
      await page.keyboard.press('End');
      const end = await until('the end', async () => (await seconds()) || undefined);
      expect(Math.round(end)).toBe(Number(await strip.getAttribute('aria-valuemax')));
      await page.keyboard.press('ArrowLeft');
      const before = await until('a moment before', async () => (await seconds()) < end && seconds());
      expect(before).toBeGreaterThan(0);
      expect(await strip.getAttribute('aria-valuenow')).toBe(String(Math.round(before)));
      const preview = page.locator('.strip .preview');
      expect(await preview.count()).toBe(0);
      await strip.hover();
      await preview.waitFor();
      expect(await preview.locator('span').getAttribute('style')).toMatch(/background-image: *url\(.*storyboard/);
    });

    it('shows what is transparent before one colour, not before its blur', async () => {
      const circle = Buffer.from('<svg width="400" height="300"><circle cx="200" cy="150" r="140" fill="#0a0"/></svg>');
      const clear = { r: 0, g: 0, b: 0, alpha: 0 };
      const png = await sharp({ create: { width: 400, height: 300, channels: 4, background: clear } })
        .composite([{ input: circle }])
        .png()
        .toBuffer();
      await using opened = await viewOf(new Uint8Array(png), 'circle.png');
      const frame = opened.page.locator('.still-frame');
      await frame.locator('img.here').waitFor();
      await picturesShown(opened.page);
      const shot = sharp(await frame.screenshot()).removeAlpha();
      const { width, height } = await shot.metadata();
      const at = async (left: number, top: number) => [
        ...(await shot
          .clone()
          .extract({ left: Math.floor(left), top: Math.floor(top), width: 1, height: 1 })
          .raw()
          .toBuffer()),
      ];
      const corner = await at(8, 8);
      expect(await at(width - 9, height - 9)).toEqual(corner);
      expect(await at(width / 2, 3)).toEqual(corner);
      expect(await at(width / 2, height / 2)).toEqual([0, 170, 0].map((value) => expect.closeTo(value, -1)));
    });

    it('says what the camera wrote', async () => {
      const picture = await jpegWith(
        blockOf({
          image: [entry.ascii(tag.make, 'Acme\0'), entry.ascii(tag.model, 'K1\0')],
          photo: [
            entry.fractions(tag.exposureTime, [[1, 250]]),
            entry.words(tag.iso, [400]),
            entry.fractions(tag.focalLength, [[50, 1]]),
          ],
        }),
      );
      await using opened = await viewOf(new Uint8Array(picture), 'camera.jpg');
      const camera = opened.page.getByRole('region', { name: 'Camera data' });
      await camera.waitFor();
      expect(await camera.textContent()).toMatch(/Camera *Acme K1.*Exposure time *1\/250 s.*ISO *400.*Focal length *50 mm/);
    });

    it('gives the original to be kept, under the name it came with', async () => {
      const bytes = new Uint8Array(await readFile(join(clip, '../sideways.mp4')));
      await using opened = await viewOf(bytes, 'Été à deux.mp4');
      const { page } = opened;
      const files = page.getByRole('region', { name: 'Files' });
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        files.getByRole('link', { name: 'Download Original' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('Été à deux.mp4');
      expect((await readFile(await download.path())).equals(bytes)).toBe(true);
    });

    it('gives what was made of it to be kept, under the name of the asset', async () => {
      await using opened = await viewOf(join(samples, 'sunset.jpg'), 'Été à deux.v2.jpg');
      const { page } = opened;
      const files = page.getByRole('region', { name: 'Files' });
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        files.getByRole('link', { name: 'Download 640.webp' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('Été à deux.v2-640.webp');
      expect((await sharp(await download.path()).metadata()).width).toBe(640);
    });

    it('says of what could not be done why, of which class that is, and at which attempt', async () => {
      await using folder = await temporaryFolder('torn');
      await using opened = await viewOf(await brokenPicture(join(folder.path, 'torn.jpg')));
      await opened.page.getByText('torn.jpg cannot be shown').waitFor();
      const history = opened.page.getByRole('region', { name: 'History' });
      const row = history.getByRole('listitem').filter({ hasText: 'Colour palette' });
      await row.getByText('Quarantined:').waitFor();
      await row.getByText('Colour palette').click();
      await row.getByText('The file ends early').waitFor();
      expect(await row.locator('.failure').textContent()).toMatch(/^data The file ends early/);
      expect(await row.locator('dl').textContent()).toMatch(/^Attempts *1/);
    });
  });
});
