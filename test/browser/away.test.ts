import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { serverThat } from '../fixtures/server-that.ts';
import { until } from '../fixtures/until.ts';
import { type App, ask, samples, startApp, temporaryFolder, upload } from '../integration/app.ts';
import { dropFiles, openPage, withChromium } from './browser.ts';

/** What a server that stands before Vitrail, as a reverse proxy does, has been asked and has done. */
interface Front {
  asked: { method: string; offset: number }[];
  answer(req: IncomingMessage, res: ServerResponse): void;
}

/**
 * Breaks off the first PATCH after `most` bytes, is then away for a moment – until it was asked twice how much is there, all is answered
 * with 503 –, and hands all else on.
 */
function frontOf(app: App, most: number): Front {
  const asked: Front['asked'] = [];
  let looks = 0;
  return {
    asked,
    answer(req, res) {
      const { method = '', url = '', headers } = req;
      const isUpload = url.startsWith('/api/uploads');
      const breaks = method === 'PATCH' && asked.every((one) => one.method !== 'PATCH');
      if (isUpload) asked.push({ method, offset: Number(headers['upload-offset'] ?? 0) });
      if (isUpload && looks > 0) {
        if (method === 'HEAD') looks--;
        res.writeHead(503).end();
        return;
      }
      const onward = request(app.base + url, { method, headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(res);
      });
      onward.on('error', () => res.destroy());
      res.on('close', () => onward.destroy());
      if (!breaks) return void req.pipe(onward);
      let sent = 0;
      req.on('data', (chunk: Buffer) => {
        if (sent >= most) return;
        const part = chunk.subarray(0, most - sent);
        sent += part.length;
        onward.write(part, () => {
          if (sent < most) return;
          looks = 2;
          onward.destroy();
          req.destroy();
        });
      });
    },
  };
}

withChromium((browser) => {
  it('a library of which no answer comes says so and offers to try again, and speaks of no pictures', async () => {
    await using app = await startApp();
    await upload(app, join(samples, 'sunset.jpg'));
    await using opened = await openPage(browser(), app.base);
    const { page } = opened;
    const introduction = page.getByRole('complementary', { name: 'What this is' });
    await introduction.waitFor();
    await page.route('**/api/search?*', (route) => route.abort());
    await page.reload();
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
    expect(await introduction.count()).toBe(0);
    await page.unroute('**/api/search?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: /sunset\.jpg/ }).waitFor();
  });

  it('a library whose index is being made says what is kept, and shows it when it is found', async () => {
    await using app = await startApp();
    await Promise.all(['sunset.jpg', 'two-dogs.jpg'].map((name) => upload(app, join(samples, name))));
    await until('both are found', async () => (await ask<{ total: number }>(app, '/api/search')).body.total === 2);
    await using opened = await openPage(browser(), 'about:blank');
    const { page } = opened;
    const answers = [{ ids: 0 }, { ids: 0 }, { ids: 1 }];
    await page.route('**/api/search?*', async (route) => {
      const answer = await route.fetch();
      const { ids } = answers.shift() ?? {};
      const { items, ...rest } = (await answer.json()) as { items: unknown[] };
      await route.fulfill({ json: ids === undefined ? { items, ...rest } : { ...rest, items: items.slice(0, ids), total: ids } });
    });
    await page.goto(app.base);
    await page.getByRole('heading', { name: 'The index is being made' }).waitFor();
    await page.getByText('2 items are kept here').waitFor();
    await page.evaluate(`(() => {
      window.gone = 0;
      const isIt = (node) => node.textContent.includes('The index is being made');
      new MutationObserver((records) => {
        window.gone += records.flatMap(({ removedNodes }) => [...removedNodes]).filter(isIt).length;
      }).observe(document.body, { childList: true, subtree: true });
    })()`);
    await until('both of them', async () => (await page.locator('.tile > a').count()) === 2);
    // It stood there all the while.
    expect(await page.evaluate('window.gone')).toBe(1);
  });

  it('an upload whose server was away for a moment goes on after the bytes that are there', async () => {
    await using folder = await temporaryFolder('away');
    const file = join(folder.path, 'sunset.jpg');
    // What follows the end of a picture is passed over.
    await writeFile(file, Buffer.concat([await readFile(join(samples, 'sunset.jpg')), randomBytes(3_000_000)]));
    await using app = await startApp();
    const front = frontOf(app, 1_000_000);
    await using server = await serverThat((req, res) => front.answer(req, res));
    await using opened = await openPage(browser(), server.base);
    await dropFiles(opened.page, [file]);
    await opened.page.getByText('1 file added').waitFor();
    // A browser may send a PATCH whose connection broke once more by itself.
    const methods = front.asked
      .map(({ method }) => method)
      .filter((method, index, all) => method === 'HEAD' || method !== all[index - 1]);
    expect(methods).toEqual(['POST', 'PATCH', 'HEAD', 'HEAD', 'HEAD', 'PATCH']);
    expect(front.asked.at(-1)?.offset).toBeGreaterThan(0);
    expect((await ask<{ total: number }>(app, '/api/search?limit=1')).body.total).toBe(1);
  });
});
