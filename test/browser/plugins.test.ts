import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../fixtures/until.ts';
import { type App, samples, settled, startApp, temporaryFolder, upload } from '../integration/app.ts';
import { openPage, withChromium } from './browser.ts';

/** An enricher that the page has never heard of. */
const plugin = `
import { defineEnricher, field } from 'vitrail/sdk';
import { z } from 'zod';
export default defineEnricher({
  name: 'mood', title: 'Mood of the picture', version: '1.0.0', resultVersion: 1, accepts: ['image/*'], config: z.strictObject({}),
  outputs: {
    weather: field.keyword({ title: 'Weather' }),
    warmth: field.integer({ title: 'Warmth', min: 0, max: 100 }),
    people: field.integer({ title: 'People on it', unit: 'heads' }),
    indoors: field.boolean({ title: 'Indoors' }),
  },
  async enrich({ filename }) {
    const sunny = filename.startsWith('sunset');
    return { weather: sunny ? 'fair' : 'overcast', warmth: sunny ? 90 : 20, people: 3, indoors: false };
  },
});`;

withChromium((browser) => {
  it('the fields of an enricher that was just dropped in are filters, orders and facts of the page, with no edit to it', async () => {
    await using folder = await temporaryFolder('mood');
    await mkdir(join(folder.path, 'mood'));
    await writeFile(join(folder.path, 'mood', 'index.ts'), plugin);
    const list = join(folder.path, 'plugins.yaml');
    await writeFile(list, 'enrichers:\n  mood: { from: ./mood }\n  variants: {}\n');
    await using app: App = await startApp({ env: { VITRAIL_PLUGINS_FILE: list } });
    for (const name of ['sunset.jpg', 'two-dogs.jpg', 'dandelions.jpg'])
      await settled(app, (await upload(app, join(samples, name))).body.id);

    await using opened = await openPage(browser(), `${app.base}/?panel=filters`);
    const { page, faults } = opened;
    const tiles = page.getByRole('list', { name: 'Pictures and videos' }).getByRole('listitem');
    const weather = page.getByRole('group', { name: 'Weather' });
    await weather.getByRole('checkbox', { name: /^overcast *2$/ }).waitFor();
    await page
      .getByRole('group', { name: 'Indoors' })
      .getByRole('checkbox', { name: /^No *3$/ })
      .waitFor();
    await weather.getByRole('checkbox', { name: /^fair *1$/ }).check();
    await until('the fair one', async () => (await tiles.count()) === 1);
    await page.getByRole('button', { name: 'Leave out fair' }).click();
    await page.getByText('Mood of the picture', { exact: true }).click();
    await page.getByRole('slider', { name: 'Warmth, at most' }).fill('50');
    await until('the cold ones', async () => (await tiles.count()) === 2);
    await page.getByRole('button', { name: 'Leave out Warmth: up to 50' }).click();
    await page.getByLabel('Order').selectOption('mood.warmth');
    await until(
      'the warmest first',
      async () => (await tiles.first().getByRole('link').getAttribute('aria-label')) === 'sunset.jpg',
    );

    await tiles.first().getByRole('link').click();
    const facts = page.getByRole('region', { name: 'Mood of the picture' });
    await facts.getByText('3 heads').waitFor();
    expect(await facts.textContent()).toMatch(/Weather *fair.*Warmth *90.*Indoors *No/);
    expect(faults).toEqual([]);
  });
});
