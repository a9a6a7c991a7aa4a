/**
 * Chromium, as Debian has it, for tests of the page. Without it a suite is skipped and says so; `REQUIRE_DRIVERS=chromium` makes that a
 * failure. Screenshots of every test go to `screenshots/`, which git does not see.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { until } from '../fixtures/until.ts';

const executable = '/usr/bin/chromium';
const args =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const folder = join(import.meta.dirname, '../../screenshots');
const required = (process.env['REQUIRE_DRIVERS'] ?? '').split(',').some((name) => name.trim() === 'chromium');

/** The screens that the page is looked at on. */
export const screens = {
  desktop: { viewport: { width: 1360, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
} as const satisfies Record<string, BrowserContextOptions>;

/** Hands a browser to `suite`, started before its tests and ended after them. */
export function withChromium(suite: (browser: () => Browser) => void): void {
  if (!existsSync(executable)) {
    const why = `needs ${executable}: apt-get install chromium`;
    if (required)
      it('has the browser it is required to run in (REQUIRE_DRIVERS)', () => {
        throw new Error(why);
      });
    else it.skip(`is run in a real browser (skipped: ${why})`, () => undefined);
    return;
  }
  let browser: Browser;
  beforeAll(async () => {
    // It saves files under names of letters that the locale has.
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    browser = await chromium.launch({ executablePath: executable, args: args.split(' '), env });
  });
  afterAll(() => browser?.close());
  suite(() => browser);
}

export interface OpenPage extends AsyncDisposable {
  page: Page;
  /** What the browser complained of: errors of scripts, refusals of the content security policy, answers that were errors. */
  faults: string[];
}

/** A page of its own, with nothing kept from others. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = screens.desktop,
): Promise<OpenPage> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(`${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
  await page.goto(url);
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}

/** Keeps what is seen as `screenshots/<name>.png`. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Drops files on the page, as a hand would: they come in over its edge, and are let go of. */
export async function dropFiles(page: Page, files: readonly string[], between?: () => Promise<void>): Promise<void> {
  const contents = await Promise.all(
    files.map(async (file) => [basename(file), (await readFile(file)).toString('base64')] as const),
  );
  const data = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    for (const [name, content] of ${JSON.stringify(contents)})
      data.items.add(new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], name, { lastModified: 1 }));
    return data;
  })()`);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
  await between?.();
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
}

/** Waits until every picture in view is there. */
export const picturesShown = (page: Page): Promise<true> =>
  until('the pictures in view', () =>
    page.evaluate<boolean>(
      `document.fonts.status === 'loaded' && [...document.images]
         .filter((image) => image.getBoundingClientRect().top < innerHeight && image.loading !== 'lazy')
         .every((image) => image.complete && image.naturalWidth > 0 && getComputedStyle(image).opacity === '1') &&
       document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect.getComputedTiming().endTime === Infinity)`,
    ),
  );

/** The page in light or dark, once it is all in those colours. */
export async function inScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  // Drawn in them once: from then on there are transitions to wait for.
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  await picturesShown(page);
}
