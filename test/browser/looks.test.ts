import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { allEnrichers, type App, ask, startApp, temporaryFolder } from '../integration/app.ts';
import type { SearchPage } from '../../services/contracts/search.ts';
import { until } from '../fixtures/until.ts';
import { keepScreenshot, openPage, picturesShown, screens, withChromium } from './browser.ts';
import { brokenPicture, makePictures } from './pictures.ts';

const { source: axe } = createRequire(import.meta.url)('axe-core') as { source: string };
const clip = join(import.meta.dirname, '../fixtures/clips/pan.mp4');

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe-core finds that keeps people out: serious and critical faults, each with where it is. */
async function seriousFaults(page: Page): Promise<string[]> {
  // By the debugger: the page itself lets no script in.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run(document, { resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`));
}

withChromium((browser) => {
  /** Every view, on each screen, in each scheme of colours: kept as a picture, and looked through by axe-core. */
  describe('the looks of the page', () => {
    let app: App;
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let photo: string;
    let video: string;
    beforeAll(async () => {
      folder = await temporaryFolder('looks');
      const pictures = join(folder.path, 'pictures');
      const files = await makePictures(pictures, 21);
      await copyFile(clip, join(pictures, 'dandelion.mp4'));
      await brokenPicture(join(pictures, 'torn-scan.jpg'));
      app = await startApp({ env: allEnrichers, args: ['--import', pictures] });
      const items = await until('all of them', async () => {
        const { body } = await ask<SearchPage>(app, '/api/search?limit=100&facets=none');
        return body.items.length === files.length + 2 && body.items.every(({ state }) => state !== 'processing') && body.items;
      });
      const named = (name: string) => items.find(({ filename }) => filename.includes(name))?.id ?? '';
      [photo, video] = [named('two-dogs'), named('dandelion.mp4')];
    }, 300_000);
    afterAll(async () => {
      await app?.[Symbol.asyncDispose]();
      await folder?.[Symbol.asyncDispose]();
    });

    /** What is shown once a view is whole, and what is done with it then. */
    const views: Record<
      string,
      { path: () => string; ready: (page: Page) => Promise<unknown>; act?: (page: Page) => Promise<unknown> }
    > = {
      library: { path: () => '/', ready: (page) => page.getByText('23 items').waitFor() },
      filters: {
        path: () => '/?panel=filters&type=image/jpeg',
        ready: (page) => page.getByRole('checkbox', { name: /JPEG/ }).waitFor(),
      },
      ranges: {
        path: () => '/?panel=filters&quality.score=20..90',
        ready: (page) => page.getByRole('slider', { name: 'Quality, at least' }).waitFor(),
        act: (page) => page.getByRole('slider', { name: 'Quality, at least' }).scrollIntoViewIfNeeded(),
      },
      suggestions: {
        path: () => '/',
        ready: (page) => page.getByText('23 items').waitFor(),
        act: async (page) => {
          await page.getByRole('combobox', { name: /Search/ }).fill('b');
          await page.getByRole('option').first().waitFor();
        },
      },
      nothing: { path: () => '/?q=zzqqxx', ready: (page) => page.getByText('Nothing fits').waitFor() },
      refused: { path: () => '/?nonsense=1', ready: (page) => page.getByText('This search cannot be made').waitFor() },
      asset: {
        path: () => `/assets/${photo}`,
        ready: (page) => page.getByRole('region', { name: 'History' }).getByRole('listitem').first().waitFor(),
      },
      'asset-below': {
        path: () => `/assets/${photo}`,
        ready: (page) => page.getByRole('region', { name: 'History' }).getByRole('listitem').first().waitFor(),
        act: async (page) => {
          await page.getByRole('region', { name: 'History' }).getByText('Quality').click();
          await page.getByRole('button', { name: 'Delete' }).scrollIntoViewIfNeeded();
        },
      },
      'asset-delete': {
        path: () => `/assets/${photo}`,
        ready: (page) => page.getByRole('region', { name: 'History' }).getByRole('listitem').first().waitFor(),
        act: async (page) => {
          await page.getByRole('button', { name: 'Delete' }).click();
          await page.getByRole('dialog', { name: 'Delete it for good?' }).waitFor();
        },
      },
      video: {
        path: () => `/assets/${video}`,
        ready: (page) => page.getByRole('slider', { name: 'Moment of the video' }).waitFor(),
      },
      gone: {
        path: () => '/assets/01ARZ3NDEKTSV4RRFFQ69G5FAV',
        ready: (page) => page.getByText('There is no such asset').waitFor(),
      },
      operations: { path: () => '/operations', ready: (page) => page.getByText('The file ends early').first().waitFor() },
      quarantine: {
        path: () => '/operations',
        ready: (page) => page.getByText('The file ends early').first().waitFor(),
        act: (page) => page.getByRole('region', { name: 'Quarantine' }).getByRole('listitem').nth(2).scrollIntoViewIfNeeded(),
      },
      help: { path: () => '/', ready: (page) => page.getByText('23 items').waitFor(), act: (page) => page.keyboard.press('?') },
    };
    const cases = Object.keys(screens).flatMap((screen) =>
      Object.keys(views).map((view) => [view, screen as keyof typeof screens] as const),
    );

    it.each([
      ['no-preference', true],
      ['reduce', false],
    ] as const)('where people say %s of motion, things move: %s', async (reducedMotion, moves) => {
      await using opened = await openPage(browser(), app.base, { reducedMotion });
      await opened.page.getByText('23 items').waitFor();
      const longest = await opened.page.evaluate<number>(
        'Math.max(...[...document.querySelectorAll("*")].flatMap((one) => getComputedStyle(one).transitionDuration.split(",").map(parseFloat)))',
      );
      expect(longest >= 0.1).toBe(moves);
      expect(longest).toBeLessThan(1);
    });

    it.each(cases)('%s on a %s, light and dark', async (view, screen) => {
      const { path, ready, act } = views[view]!;
      await using opened = await openPage(browser(), app.base + path(), screens[screen]);
      const { page, faults } = opened;
      await ready(page);
      await act?.(page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await picturesShown(page);
        await keepScreenshot(page, `${view}-${screen}-${colorScheme}`);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        expect({ colorScheme, faults: await seriousFaults(page) }).toEqual({ colorScheme, faults: [] });
      }
      // Two views ask for what is not there, and browsers write down every answer that is an error.
      expect(faults.filter((fault) => !/status of (404|422)/.test(fault))).toEqual([]);
    });
  });
});
