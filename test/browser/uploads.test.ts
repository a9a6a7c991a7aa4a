import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../fixtures/until.ts';
import { type App, ask, json, samples, startApp, temporaryFolder, upload } from '../integration/app.ts';
import { dropFiles, openPage, withChromium } from './browser.ts';

/** Waits for one gate, is half done, and waits for the next. */
const gated = (folder: string) => `
import { defineEnricher, field } from 'vitrail/sdk';
import { existsSync } from 'node:fs';
import { z } from 'zod';
const opened = async (gate) => {
  while (!existsSync(${JSON.stringify(folder)} + '/' + gate)) await new Promise((resolve) => setTimeout(resolve, 50));
};
export default defineEnricher({
  name: 'gated', title: 'Gated', version: '1.0.0', resultVersion: 1, accepts: ['image/*'], config: z.strictObject({}),
  outputs: { ok: field.boolean({ title: 'Fine' }) },
  async enrich(_asset, { progress }) {
    await opened('half');
    progress(0.5);
    await opened('whole');
    return { ok: true };
  },
});`;

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
      await page.clock.install();
      const created = page.waitForResponse(
        (response) => response.request().method() === 'POST' && response.url().endsWith('/api/uploads'),
      );
      await page.route('**/api/uploads/*', (route) =>
        route.request().method() === 'PATCH' ? route.abort('connectionreset') : route.continue(),
      );
      await dropFiles(page, [photo]);
      const { location } = (await created).headers();
      // It tries for twenty seconds; these go by at once.
      await until('it gives up', async () => {
        await page.clock.fastForward(10_000);
        return page.getByText('The connection ended before the file was through.').isVisible();
      });
      await page.unroute('**/api/uploads/*');
      await page.reload();
      const resumed = page.waitForRequest((request) => request.method() === 'PATCH');
      await dropFiles(page, [photo]);
      expect((await resumed).url()).toBe(new URL(location ?? '', app.base).href);
      await page.getByText('1 file added').waitFor();
      expect(await total()).toBe(1);
    });

    it('are not failed where only the look at what became of them is, and give up nothing once they are in', async () => {
      await using opened = await openPage(browser(), app.base);
      const { page } = opened;
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.method()));
      await dropFiles(page, [photo]);
      await page.getByText('1 file added').waitFor();
      await page.getByRole('button', { name: 'Take sunset.jpg off the list' }).click();
      let looks = 0;
      await page.route('**/api/assets/*/enrichments', (route) =>
        looks++ === 0 ? route.fulfill({ status: 503, json: {} }) : route.continue(),
      );
      // It is known, so that no event tells more of it; and whatever taking it off sends was sent before it.
      await dropFiles(page, [photo]);
      await page.getByText('It was here already').waitFor();
      expect(looks).toBeGreaterThan(1);
      expect(requests).not.toContain('DELETE');
      expect(await total()).toBe(1);
    });

    it('say of an asset that was deleted meanwhile that it is gone, each time that its file was added', async () => {
      await ask(app, '/api/lanes/interactive', json('PUT', { paused: true }));
      await using opened = await openPage(browser(), app.base);
      const { page } = opened;
      await dropFiles(page, [photo]);
      const rows = page.getByRole('region', { name: 'Added files' }).locator('.upload');
      await rows.getByRole('link').waitFor();
      await dropFiles(page, [photo]);
      await until('the same file twice', async () => (await rows.getByRole('link').count()) === 2);
      const { body } = await ask<{ items: { id: string }[] }>(app, '/api/search?limit=1');
      await ask(app, `/api/assets/${body.items[0]?.id}`, { method: 'DELETE' });
      await until('both say so', async () => (await rows.getByText('It was deleted meanwhile').count()) === 2);
      expect(await rows.getByRole('link').count()).toBe(0);
      await page.getByText('0 files added').waitFor();
      await page.getByText('2 deleted').waitFor();
    });

    it('say so, too, where only a look at the asset tells', async () => {
      await using opened = await openPage(browser(), app.base);
      const { page } = opened;
      let deleted = false;
      await page.route('**/api/assets/*', async (route) => {
        if (!deleted) await ask(app, new URL(route.request().url()).pathname, { method: 'DELETE' });
        deleted = true;
        await route.continue();
      });
      await page.route('**/api/events', (route) => route.abort());
      await page.reload();
      await dropFiles(page, [photo]);
      await page.getByText('It was deleted meanwhile').waitFor();
      expect(deleted).toBe(true);
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

    it('are all files of a folder that is chosen, with those below, without what systems put there', async () => {
      await using folder = await temporaryFolder('chosen');
      await mkdir(join(folder.path, 'below'));
      await copyFile(photo, join(folder.path, 'sunset.jpg'));
      await copyFile(join(samples, 'two-dogs.jpg'), join(folder.path, 'below', 'two-dogs.jpg'));
      for (const name of ['.hidden', 'Thumbs.db']) await writeFile(join(folder.path, 'below', name), 'clutter');
      await using opened = await openPage(browser(), app.base);
      const { page } = opened;
      await page.locator('#choose-folder').setInputFiles(folder.path);
      await page.getByText('2 files added').waitFor();
      await page
        .getByRole('link', { name: /two-dogs\.jpg/ })
        .first()
        .waitFor();
      expect(await total()).toBe(2);
    });

    it('are all files of a folder that is dropped, which browsers give by the hundred', async () => {
      await using opened = await openPage(browser(), app.base);
      const { page } = opened;
      // How many they are is looked at, and not what becomes of them.
      await page.route('**/api/uploads', () => undefined);
      await page.evaluate(`(() => {
        const file = (name) => ({ isDirectory: false, file: (found) => found(new File(['x'], name)) });
        const folder = (...rounds) => ({
          isDirectory: true,
          createReader: () => ({ readEntries: (found) => found(rounds.shift() ?? []) }),
        });
        const hundred = Array.from({ length: 100 }, (_, index) => file(index + '.jpg'));
        const dropped = folder(hundred, [folder([file('below.jpg'), file('.DS_Store')])]);
        DataTransferItem.prototype.webkitGetAsEntry = () => dropped;
      })()`);
      await dropFiles(page, [photo]);
      await page.getByText('Adding 101 files').waitFor();
    });

    it('appear in the library of somebody else who looks at it', async () => {
      await using other = await openPage(browser(), app.base);
      await other.page.getByRole('heading', { name: 'A collection that knows what is in it' }).waitFor();
      await using opened = await openPage(browser(), app.base);
      await dropFiles(opened.page, [photo]);
      await other.page
        .getByRole('list', { name: 'Pictures and videos' })
        .getByRole('link', { name: /sunset\.jpg/ })
        .waitFor();
      await until('it is ready there, too', async () => (await other.page.locator('.badge.busy').count()) === 0);
    });
  });

  it('appear in a library that is looked at although the index takes them up after all is told', async () => {
    await using app = await startApp();
    await upload(app, join(samples, 'two-dogs.jpg'));
    await using opened = await openPage(browser(), app.base);
    const { page } = opened;
    const pictures = page.getByRole('list', { name: 'Pictures and videos' });
    await pictures.getByRole('link', { name: /two-dogs\.jpg/ }).waitFor();
    let looks = 0;
    await page.route('**/api/search?*', async (route) => {
      const answer = await route.fetch();
      const { items, total, ...rest } = (await answer.json()) as { items: { filename: string }[]; total: number };
      const before = items.filter(({ filename }) => filename === 'two-dogs.jpg');
      if (total > 1 && (looks += 1) < 3) await route.fulfill({ json: { ...rest, items: before, total: 1 } });
      else await route.fulfill({ response: answer });
    });
    await dropFiles(page, [photo]);
    await page.getByText('1 file added').waitFor();
    await pictures.getByRole('link', { name: /sunset\.jpg/ }).waitFor();
    expect(looks).toBeGreaterThanOrEqual(3);
  });

  it('shows each stage of an upload as its enricher begins, goes on and ends', async () => {
    await using folder = await temporaryFolder('gated');
    await mkdir(join(folder.path, 'gated'));
    await writeFile(join(folder.path, 'gated', 'index.ts'), gated(folder.path));
    const list = join(folder.path, 'plugins.yaml');
    await writeFile(list, 'enrichers:\n  gated: { from: ./gated }\n');
    await using app: App = await startApp({ env: { VITRAIL_PLUGINS_FILE: list } });
    const pause = (paused: boolean) => ask(app, '/api/lanes/interactive', json('PUT', { paused }));
    await pause(true);
    await using opened = await openPage(browser(), app.base);
    const { page } = opened;
    await dropFiles(page, [photo]);
    const stages = page.getByRole('region', { name: 'Added files' }).getByRole('list', { name: 'Stages' });
    const stage = (status: string) => stages.getByRole('listitem').filter({ hasText: `Gated: ${status}` });
    await stage('to do').waitFor();
    // From here on only events tell of it.
    await page.route('**/api/assets/*/enrichments', (route) => route.abort());
    await pause(false);
    await stage('under way').waitFor();
    await writeFile(join(folder.path, 'half'), '');
    await until('half of it', async () => (await stage('under way').getAttribute('style'))?.includes('--share: 0.5'));
    await writeFile(join(folder.path, 'whole'), '');
    await stage('done').waitFor();
    await page.unroute('**/api/assets/*/enrichments');
    await page.getByText('1 file added').waitFor();
  });
});
