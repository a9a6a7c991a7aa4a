import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { allEnrichers, type App, ask, json, samples, startApp, temporaryFolder } from '../integration/app.ts';
import type { Enrichment } from '../../services/contracts/enrichment.ts';
import type { SearchPage } from '../../services/contracts/search.ts';
import { until } from '../fixtures/until.ts';
import { dropFiles, keepScreenshot, openPage, type OpenPage, picturesShown, withChromium } from './browser.ts';
import { brokenPicture } from './pictures.ts';

withChromium((browser) => {
  /** One person's way through the page, from an empty collection on: each step begins where the one before ended. */
  describe('the page', () => {
    let app: App;
    let opened: OpenPage;
    let page: Page;
    let photos: string[];
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    beforeAll(async () => {
      app = await startApp({ env: allEnrichers });
      opened = await openPage(browser(), app.base);
      page = opened.page;
      folder = await temporaryFolder('page');
      photos = (await readdir(samples)).filter((name) => name.endsWith('.jpg')).map((name) => join(samples, name));
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
      await app?.[Symbol.asyncDispose]();
      await folder?.[Symbol.asyncDispose]();
    });
    const tiles = () => page.getByRole('list', { name: 'Pictures and videos' }).getByRole('listitem');
    const found = async (query: string) => (await ask<SearchPage>(app, `/api/search?${query}`)).body;

    it('says what it is while there is nothing, and takes files that are dropped on it', async () => {
      await page.getByRole('heading', { name: 'A collection that knows what is in it' }).waitFor();
      await keepScreenshot(page, 'empty-desktop-light');
      await dropFiles(page, photos, () => page.getByText('Drop pictures, videos and folders').waitFor());
      const tray = page.getByRole('region', { name: 'Added files' });
      await tray.getByText(`Adding ${photos.length} files`).waitFor();
      await tray.getByRole('listitem').filter({ hasText: 'Sent' }).first().waitFor();
      await keepScreenshot(page, 'uploading-desktop-light');
    });

    it('shows how far each is, stage by stage, until all are ready', async () => {
      const tray = page.getByRole('region', { name: 'Added files' });
      await tray.getByText(`${photos.length} files added`).waitFor({ timeout: 120_000 });
      const stages = tray.getByRole('list', { name: 'Stages' });
      expect(await stages.count()).toBe(photos.length);
      const words = await stages.first().getByRole('listitem').allTextContents();
      expect(words.map((text) => text.trim())).toEqual(
        expect.arrayContaining(['Sent: done', 'Colour palette: done', 'Quality: done']),
      );
      expect(words.every((text) => text.trim().endsWith(': done'))).toBe(true);
      await keepScreenshot(page, 'uploaded-desktop-light');
      await tray.getByRole('button', { name: 'Clear' }).click();
      await tray.waitFor({ state: 'detached' });
    });

    it('shows every picture in its colours and then itself', async () => {
      await until('all tiles', async () => (await tiles().count()) === photos.length);
      await picturesShown(page);
      const grounds = await page
        .locator('.tile > a')
        .evaluateAll((links) =>
          links.map((link) => (link as unknown as { style: { backgroundImage: string } }).style.backgroundImage),
        );
      expect(grounds.every((ground) => ground.startsWith('url("data:image/png'))).toBe(true);
    });

    it('searches as one types, and the address is the search', async () => {
      await page.keyboard.press('/');
      await page.keyboard.type('sunset');
      await page.waitForURL(/\?q=sunset$/);
      await until('the one that fits', async () => (await tiles().count()) === (await found('q=sunset')).total);
      await page.getByRole('button', { name: 'Clear the words' }).click();
      await until('all again', async () => (await tiles().count()) === photos.length);
    });

    it('narrows by a colour and a tag, with what enrichers declare; Back takes it off', async () => {
      await page.getByRole('button', { name: 'Filters' }).click();
      const filters = page.getByRole('complementary', { name: 'Filters' });
      const [tag] = (await found('limit=1')).facets['tags'] ?? [];
      const box = filters.getByRole('checkbox', { name: new RegExp(`^${String(tag?.value)} *${tag?.count}$`) });
      await box.check();
      await until('those with the tag', async () => (await tiles().count()) === tag?.count);
      await filters.getByRole('button', { name: 'Near #e8a33d' }).click();
      await page.waitForURL(/colors=%23e8a33d/);
      const both = await found(`tags=${encodeURIComponent(String(tag?.value))}&colors=%23e8a33d`);
      await until('those near the colour', async () => (await tiles().count()) === both.total);
      expect(both.total).toBeLessThan(photos.length);
      await picturesShown(page);
      await keepScreenshot(page, 'filters-desktop-light');
      await page.goBack();
      await until('the tag alone', async () => (await tiles().count()) === tag?.count);
      await page.getByRole('button', { name: `Leave out ${String(tag?.value)}` }).click();
      await until('all again', async () => (await tiles().count()) === photos.length);
      // A slider of an output that its manifest bounds.
      await filters.getByText('Quality', { exact: true }).click();
      await filters.getByRole('slider', { name: 'Quality, at least' }).fill('60');
      await page.waitForURL(/quality\.score=60\.\./);
      const good = await found('quality.score=60..');
      await until('the good ones', async () => (await tiles().count()) === good.total);
      await page.getByRole('button', { name: 'Close filters' }).click();
      await page.goto(app.base);
    });

    it('sorts by what an enricher found', async () => {
      await page.getByLabel('Order').selectOption('quality.score');
      await page.waitForURL(/sort=-quality\.score/);
      const { items } = await found('sort=-quality.score');
      await until('the order', async () =>
        (await tiles().first().getByRole('link').getAttribute('href'))?.includes(items[0]?.id ?? '-'),
      );
      await page.goto(app.base);
    });

    it('opens a picture with what is known of it', async () => {
      await page.getByRole('link', { name: /two-dogs/ }).click();
      await page.waitForURL(/\/assets\/\w+/);
      await page.getByRole('region', { name: 'Quality' }).getByText('of 100').waitFor();
      const { items } = await found('q=two-dogs');
      const asset = items[0]!;
      const { palette } = asset.enrichments['palette'] as { palette: { hex: string }[] };
      const colours = page.getByRole('region', { name: 'Colours' }).getByRole('link');
      expect(await colours.count()).toBe(palette.length);
      await page.getByRole('region', { name: 'Looks like it' }).waitFor();
      await page.getByRole('link', { name: 'Download Original' }).waitFor();
      await until('the picture itself', () =>
        page.locator('.still img').evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 0),
      );
      await keepScreenshot(page, 'asset-desktop-light');
    });

    it('gives and takes tags by keyboard, and shows who said so', async () => {
      const tags = page.getByRole('region', { name: 'Tags' });
      await page.keyboard.press('t');
      await page.keyboard.type('best friends,');
      await tags.getByRole('link', { name: /best friends/ }).waitFor();
      expect(await tags.getByRole('listitem').filter({ hasText: 'best friends' }).getAttribute('title')).toMatch(
        /^Given by a person/,
      );
      const id = new URL(page.url()).pathname.split('/')[2] ?? '';
      const { body } = await ask<{ items: { name: string; source: string }[] }>(app, `/api/assets/${id}/tags`);
      expect(body.items).toContainEqual(expect.objectContaining({ name: 'best friends', source: 'person' }));
      const seen = body.items.find(({ source }) => source !== 'person')?.name ?? '';
      await tags.getByRole('button', { name: `Take off ${seen}`, exact: true }).click();
      await page.getByText(`“${seen}” is taken off.`).waitFor();
      await tags.getByRole('link', { name: seen, exact: true }).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Undo' }).click();
      await until('it is back', async () =>
        (await ask<{ items: { name: string }[] }>(app, `/api/assets/${id}/tags`)).body.items.some(({ name }) => name === seen),
      );
    });

    it('takes a title and a rating', async () => {
      await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Two at the fence');
      await page.keyboard.press('Enter');
      await page.getByRole('radio', { name: '4 stars' }).click();
      await until('both are kept', async () => {
        const [asset] = (await found('q=fence')).items;
        return asset?.title === 'Two at the fence' && asset.rating === 4;
      });
    });

    it('runs an enricher once more, and shows that it did', async () => {
      const id = new URL(page.url()).pathname.split('/')[2] ?? '';
      const startedAt = async () =>
        (await ask<{ items: { enricher: string; startedAt: string }[] }>(app, `/api/assets/${id}/enrichments`)).body.items.find(
          ({ enricher }) => enricher === 'palette',
        )?.startedAt ?? '';
      const before = await startedAt();
      await page.getByRole('button', { name: 'Run Colour palette again' }).click();
      await page.getByText('Colour palette runs again.').waitFor();
      await until('another run', async () => (await startedAt()) > before);
      const row = page.getByRole('region', { name: 'History' }).getByRole('listitem').filter({ hasText: 'Colour palette' });
      await row.getByText('Done:').waitFor();
    });

    it('leads from a colour to more of it, and from picture to picture', async () => {
      await page.getByRole('region', { name: 'Colours' }).getByRole('link').first().click();
      await page.waitForURL(/\/\?colors=%23[0-9a-f]{6}$/);
      await page.goto(app.base);
      await until('all tiles', async () => (await tiles().count()) === photos.length);
      await page.keyboard.press('Tab');
      await tiles().first().getByRole('link').focus();
      await page.keyboard.press('ArrowRight');
      const second = await tiles().nth(1).getByRole('link').getAttribute('href');
      await until('the next has the focus', () =>
        page.evaluate(`document.activeElement?.getAttribute('href') === ${JSON.stringify(second)}`),
      );
      await page.keyboard.press('Enter');
      await page.waitForURL(app.base + (second ?? ''));
      await page.getByRole('link', { name: 'The next one' }).waitFor();
      await page.keyboard.press('ArrowRight');
      await page.waitForURL((url) => url.pathname !== second && url.pathname.startsWith('/assets/'));
      const third = new URL(page.url()).pathname;
      await page.keyboard.press('Escape');
      await page.waitForURL(`${app.base}/`);
      await until('one goes on from there', () =>
        page.evaluate(`document.activeElement?.getAttribute('href') === ${JSON.stringify(third)}`),
      );
    });

    it('says in operations what went wrong and what is to do, and runs it again after a dry run', async () => {
      expect(opened.faults).toEqual([]);
      const torn = await brokenPicture(join(folder.path, 'torn-scan.jpg'));
      await page.locator('#choose-files').setInputFiles(torn);
      await page.getByText('not every enricher could do its work').waitFor({ timeout: 60_000 });
      await ask(app, '/api/lanes/backfill', json('PUT', { paused: true }));
      await page.goto(`${app.base}/operations`);
      const quarantine = page.getByRole('region', { name: 'Quarantine' });
      await quarantine.getByText('The file ends early').first().waitFor();
      const failed = (await ask<{ total: number }>(app, '/api/quarantine')).body.total;
      await page.getByRole('region', { name: 'Nodes' }).getByText('all', { exact: true }).waitFor();
      const work = page.getByRole('region', { name: 'Work' });
      await work.getByText(`${failed} quarantined`).waitFor();
      await work.getByRole('rowheader', { name: /Interactive someone/ }).waitFor();
      await work.getByRole('rowheader', { name: /Backfill paused/ }).waitFor();
      await ask(app, '/api/lanes/backfill', json('PUT', { paused: false }));
      const palette = page.getByRole('region', { name: 'Enrichers' }).getByRole('row', { name: /Colour palette/ });
      expect(await palette.textContent()).toMatch(/Closed$/);
      await keepScreenshot(page, 'operations-desktop-light');
      const failures = async () => {
        const { items } = (await ask<{ items: Enrichment[] }>(app, '/api/quarantine?limit=100')).body;
        return new Map(items.map(({ enricher, finishedAt = '' }) => [enricher, finishedAt]));
      };
      let before = await failures();
      /** Waits until what has been run again has failed again, and sees that nothing else was run. */
      const failedAgain = async (names: readonly string[]) => {
        const now = await until(`${names.join(', ')} failed again`, async () => {
          const all = await failures();
          return names.every((name) => (all.get(name) ?? '') > (before.get(name) ?? '')) && all;
        });
        const moved = [...before].filter(([name, finishedAt]) => now.get(name) !== finishedAt).map(([name]) => name);
        expect(moved).toEqual(names);
        before = now;
      };
      await quarantine.getByLabel('Enricher').selectOption('palette');
      await until('one of them', async () => (await quarantine.getByRole('listitem').count()) === 1);
      await keepScreenshot(page, 'quarantine-desktop-light');
      await quarantine.getByRole('button', { name: /Colour palette on torn-scan/ }).click();
      await page.getByText('Colour palette runs again.').waitFor();
      await failedAgain(['palette']);
      await quarantine.getByText('The file ends early').waitFor();
      await quarantine.getByRole('button', { name: 'Run again…' }).click();
      await page.getByText('1 enrichment would run once more by Colour palette').waitFor();
      await page.getByRole('button', { name: 'Run 1 enrichment again' }).click();
      await page.getByText('1 enrichment runs again.').waitFor();
      await failedAgain(['palette']);
      await quarantine.getByLabel('Enricher').selectOption('');
      await quarantine.getByRole('button', { name: 'Run again…' }).click();
      await page.getByText(`${failed} enrichments would run once more`).waitFor();
      expect(await failures()).toEqual(before);
      await page.getByRole('button', { name: `Run ${failed} enrichments again` }).click();
      await page.getByText(`${failed} enrichments run again.`).waitFor();
      await failedAgain([...before.keys()]);
    });
  });
});
