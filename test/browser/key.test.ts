import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, samples, startApp } from '../integration/app.ts';
import { keepScreenshot, openPage, picturesShown, withChromium } from './browser.ts';

const key = 'a-key-of-some-length';

withChromium((browser) => {
  describe('the page of a server with keys', () => {
    let app: App;
    beforeAll(async () => {
      app = await startApp({ env: { VITRAIL_API_KEYS: key } });
      const form = new FormData();
      form.set('file', new Blob([await readFile(join(samples, 'sunset.jpg'))]), 'sunset.jpg');
      await fetch(`${app.base}/api/assets`, { method: 'POST', body: form, headers: { 'X-API-Key': key } });
    });
    afterAll(() => app[Symbol.asyncDispose]());

    it('asks for one, refuses another, and opens pictures, events and all with it', async () => {
      await using opened = await openPage(browser(), app.base);
      const { page } = opened;
      await page.getByRole('heading', { name: 'This collection asks for a key' }).waitFor();
      await keepScreenshot(page, 'locked-desktop-light');
      await page.getByLabel('API key').fill('another-one');
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByText('The server does not know this key.').waitFor();
      await page.getByLabel('API key').fill(key);
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByRole('link', { name: /sunset\.jpg/ }).waitFor();
      await picturesShown(page);
      const events = page.waitForResponse((response) => response.url().includes('/api/events'));
      await page.reload();
      expect((await events).status()).toBe(200);
      const [cookie] = await page.context().cookies();
      expect(cookie).toMatchObject({ name: 'vitrail-session', httpOnly: true, sameSite: 'Strict' });
      expect(cookie?.value).not.toContain(key);
    });

    it('shows the API with the same key, within the policy of all pages', async () => {
      await using opened = await openPage(browser(), app.base);
      const { page } = opened;
      const refused: string[] = [];
      page.on('console', (message) => {
        if (/security policy/i.test(message.text())) refused.push(message.text());
      });
      await page.goto(`${app.base}/api/docs`);
      const ask = async (sent: string) => {
        await page.getByLabel('This server asks for a key').fill(sent);
        await page.getByRole('button', { name: 'Show the API' }).click();
      };
      await ask('another-one-of-some-length');
      await page.getByRole('alert').getByText('VITRAIL_API_KEYS').waitFor();
      await ask(key);
      await page.locator('.opblock', { hasText: '/api/search' }).first().waitFor();
      expect(refused).toEqual([]);
      await keepScreenshot(page, 'api-desktop-light');
    });
  });
});
