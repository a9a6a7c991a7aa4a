import { join } from 'node:path';
import { type App, ask, samples, startApp, until } from '../integration/app.ts';
import { dropFiles, openPage, withChromium } from './browser.ts';

const photo = join(samples, 'sunset.jpg');

withChromium((browser) => {
  describe('uploads of the page', () => {
    let app: App;
    beforeEach(async () => {
      app = await startApp();
    });
    afterEach(() => app[Symbol.asyncDispose]());
    const total = async () => (await ask<{ total: number }>(app, '/api/search?limit=1')).body.total;

    it('go on after the connection broke', async () => {
      await using opened = await openPage(browser(), app.base);
      const { page } = opened;
      let broken = 0;
      await page.route('**/api/uploads/*', (route) =>
        route.request().method() === 'PATCH' && broken++ === 0 ? route.abort('connectionreset') : route.continue(),
      );
      await dropFiles(page, [photo]);
      await page.getByText('1 file added').waitFor();
      expect(broken).toBeGreaterThan(1);
      expect(await total()).toBe(1);
    });

    it('go on after the page was closed, when the same file comes again', async () => {
      await using opened = await openPage(browser(), app.base);
      const { page } = opened;
      const created = page.waitForResponse(
        (response) => response.request().method() === 'POST' && response.url().endsWith('/api/uploads'),
      );
      await page.route('**/api/uploads/*', (route) =>
        route.request().method() === 'PATCH' ? route.abort('connectionreset') : route.continue(),
      );
      await dropFiles(page, [photo]);
      const { location } = (await created).headers();
      await page.getByText('The connection ended before the file was through.').waitFor({ timeout: 40_000 });
      await page.unroute('**/api/uploads/*');
      await page.reload();
      const resumed = page.waitForRequest((request) => request.method() === 'PATCH');
      await dropFiles(page, [photo]);
      expect((await resumed).url()).toBe(new URL(location ?? '', app.base).href);
      await page.getByText('1 file added').waitFor();
      expect(await total()).toBe(1);
    });

    it('say of a file that is no picture why it is not taken, and of one that is there that it is', async () => {
      await using opened = await openPage(browser(), app.base);
      const { page } = opened;
      await dropFiles(page, [photo, join(samples, 'README.md')]);
      await page.getByText('This is no picture or video').waitFor();
      await page.getByText('1 not taken').waitFor();
      await page.getByRole('button', { name: 'Clear' }).click();
      await dropFiles(page, [photo]);
      await page.getByText('It was here already').waitFor();
      expect(await total()).toBe(1);
    });

    it('appear in the library of somebody else who looks at it', async () => {
      await using other = await openPage(browser(), app.base);
      await other.page.getByRole('heading', { name: 'A collection that knows what is in it' }).waitFor();
      await using opened = await openPage(browser(), app.base);
      await dropFiles(opened.page, [photo]);
      await other.page.getByRole('link', { name: /sunset\.jpg/ }).waitFor();
      await until('it is ready there, too', async () => (await other.page.locator('.badge.busy').count()) === 0);
    });
  });
});
