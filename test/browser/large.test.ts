import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { type App, ask, samples, startApp, upload } from '../integration/app.ts';
import type { Asset } from '../../services/contracts/asset.ts';
import { until } from '../fixtures/until.ts';
import { openPage, withChromium } from './browser.ts';

const total = 5000;

/** Answers searches with copies of one asset, a page after the other, as a server with thousands would. */
function thousandsOf(asset: Asset, asked: string[]): (route: Route) => Promise<void> {
  return (route) => {
    const parameters = new URL(route.request().url()).searchParams;
    const cursor = parameters.get('cursor') ?? '0';
    const limit = Number(parameters.get('limit'));
    if (limit > 1) asked.push(cursor);
    const from = Number(cursor);
    const items = Array.from({ length: Math.min(limit, total - from) }, (_, offset) => ({
      ...asset,
      id: String(from + offset).padStart(26, '0'),
      width: 800 + 37 * ((from + offset) % 31),
    }));
    return route.fulfill({ json: { items, total, facets: {}, next: from + limit < total ? String(from + limit) : null } });
  };
}

withChromium((browser) => {
  describe('a large library', () => {
    let app: App;
    let asset: Asset;
    beforeAll(async () => {
      app = await startApp();
      ({ body: asset } = await upload(app, join(samples, 'sunset.jpg')));
      asset = await until('it is ready', async () => {
        const { body } = await ask<Asset>(app, `/api/assets/${asset.id}`);
        return body.state === 'ready' && body;
      });
    });
    afterAll(() => app[Symbol.asyncDispose]());
    const tiles = (page: Page) => page.locator('.tile').count();
    const last = async (page: Page) => Number(await page.locator('.tile').last().getAttribute('aria-posinset'));

    it('is in the document only where it is looked at, from end to end, and stays where it is when seen again', async () => {
      await using opened = await openPage(browser(), 'about:blank');
      const { page } = opened;
      const asked: string[] = [];
      await page.route('**/api/search?*', thousandsOf(asset, asked));
      await page.goto(app.base);
      await page.getByText('5,000 items').waitFor();
      const first = await page.locator('.tile').nth(3).getAttribute('style');
      let most = 0;
      await until('the end', async () => {
        await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
        most = Math.max(most, await tiles(page));
        return (await last(page)) === total;
      });
      expect(most).toBeLessThan(150);
      // Every page was asked for once, and in order.
      expect(asked).toEqual(Array.from({ length: total / 100 }, (_, index) => String(index * 100)));
      await page.evaluate('scrollTo(0, 0)');
      await page.locator('.tile[aria-posinset="1"]').waitFor();
      // It had been let go of, and came again.
      expect(asked.at(-1)).toBe('0');
      expect(await page.locator('.tile').nth(3).getAttribute('style')).toBe(first);
    });

    it('goes on page by page although no answer came when something was new', async () => {
      await using opened = await openPage(browser(), 'about:blank');
      const { page } = opened;
      const asked: string[] = [];
      const answer = thousandsOf(asset, asked);
      let refused = 0;
      let isAway = false;
      await page.route('**/api/search?*', (route) => {
        if (!isAway || route.request().url().includes('cursor=')) return answer(route);
        refused += 1;
        return route.fulfill({ status: 503, contentType: 'application/problem+json', json: { title: 'Away', status: 503 } });
      });
      await page.goto(app.base);
      await page.getByText('5,000 items').waitFor();
      isAway = true;
      await upload(app, join(samples, 'two-dogs.jpg'));
      await until('it was looked for', () => refused > 0);
      await until('further pages', async () => {
        await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
        return asked.includes('1000');
      });
      expect(await page.getByRole('alert').count()).toBe(0);
    });

    it('keeps the focus on a picture that is scrolled away', async () => {
      await using opened = await openPage(browser(), 'about:blank');
      const { page } = opened;
      await page.route('**/api/search?*', thousandsOf(asset, []));
      await page.goto(app.base);
      await page.locator('.tile a').nth(2).focus();
      await page.keyboard.press('ArrowDown');
      const focused = () => page.evaluate<string | undefined>('document.activeElement?.dataset.index');
      await until('the row below', async () => Number(await focused()) > 2);
      const index = await focused();
      await until('far away', async () => {
        await page.evaluate('scrollBy(0, 3000)');
        return page.evaluate<boolean>('scrollY > 20000');
      });
      expect(await focused()).toBe(index);
    });
  });
});
