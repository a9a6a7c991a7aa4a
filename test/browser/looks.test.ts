import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { allEnrichers, ask, samples, startApp, temporaryFolder } from '../integration/app.ts';
import type { SearchPage } from '../../services/contracts/search.ts';
import { until } from '../fixtures/until.ts';
import { inScheme, keepScreenshot, openPage, screens, withChromium } from './browser.ts';
import { brokenPicture, makePictures } from './pictures.ts';
import { type Stand, views } from './views.ts';

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
    const apps = new AsyncDisposableStack();
    let on: Stand;
    beforeAll(async () => {
      const folder = apps.use(await temporaryFolder('looks'));
      const pictures = join(folder.path, 'pictures');
      const files = await makePictures(pictures, 21);
      await copyFile(clip, join(pictures, 'dandelion.mp4'));
      await brokenPicture(join(pictures, 'torn-scan.jpg'));
      const app = apps.use(await startApp({ env: allEnrichers, args: ['--import', pictures] }));
      const empty = apps.use(await startApp());
      const guarded = apps.use(await startApp({ env: { VITRAIL_API_KEYS: 'a-key-of-some-length' } }));
      const items = await until('all of them', async () => {
        const { body } = await ask<SearchPage>(app, '/api/search?limit=100&facets=none');
        return body.items.length === files.length + 2 && body.items.every(({ state }) => state !== 'processing') && body.items;
      });
      const named = (name: string) => items.find(({ filename }) => filename.includes(name))?.id ?? '';
      on = {
        full: app.base,
        empty: empty.base,
        guarded: guarded.base,
        photo: named('two-dogs'),
        video: named('dandelion.mp4'),
        known: files,
        text: join(samples, 'README.md'),
      };
    }, 300_000);
    afterAll(() => apps.disposeAsync());

    const cases = Object.keys(screens).flatMap((screen) =>
      Object.keys(views).map((view) => [view, screen as keyof typeof screens] as const),
    );

    it.each([
      ['no-preference', true],
      ['reduce', false],
    ] as const)('where people say %s of motion, things move: %s', async (reducedMotion, moves) => {
      await using opened = await openPage(browser(), on.full, { reducedMotion });
      await opened.page.getByText('23 items').waitFor();
      const longest = await opened.page.evaluate<number>(
        'Math.max(...[...document.querySelectorAll("*")].flatMap((one) => getComputedStyle(one).transitionDuration.split(",").map(parseFloat)))',
      );
      expect(longest >= 0.1).toBe(moves);
      expect(longest).toBeLessThan(1);
    });

    it.each(cases)('%s on a %s, light and dark', async (view, screen) => {
      const { url, ready, act, excused = [] } = views[view]!;
      await using opened = await openPage(browser(), url(on), screens[screen]);
      const { page, faults } = opened;
      await ready(page);
      await act?.(page, on);
      const unused = new Set(excused);
      for (const colorScheme of ['light', 'dark'] as const) {
        await inScheme(page, colorScheme);
        await keepScreenshot(page, `${view}-${screen}-${colorScheme}`);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        const serious = await seriousFaults(page);
        const breaks = (rule: string) => serious.some((fault) => fault.startsWith(`${rule}: `));
        const rest = serious.filter((fault) => !excused.some((rule) => fault.startsWith(`${rule}: `)));
        expect({ colorScheme, faults: rest }).toEqual({ colorScheme, faults: [] });
        for (const rule of excused.filter(breaks)) unused.delete(rule);
      }
      // An excuse holds no longer than there is something to be excused.
      expect([...unused]).toEqual([]);
      // Some views are of refusals, and browsers write down every answer that is an error.
      expect(faults.filter((fault) => !/status of (401|404|415|422)/.test(fault))).toEqual([]);
    });
  });
});
