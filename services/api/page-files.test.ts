import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PageFiles, pageFiles } from './page-files.ts';

const root = join(import.meta.dirname, '../..');

describe('the files of the page', () => {
  let files: PageFiles;
  beforeAll(async () => {
    files = await pageFiles(root);
  });
  const document = async (): Promise<string> => (await files.at('/'))?.body.toString() ?? '';

  it.each(['/', '/assets/01M8180XY7ER3G4CF9YEK47P93', '/operations', '/index.html'])('%s is the document', async (path) => {
    expect(await files.at(path)).toBe(await files.at('/'));
  });

  it.each([
    '/assets',
    '/assets/',
    '/assets/../main.js',
    '/assets/a/b',
    '/package.json',
    '/types.d.ts',
    '/tsconfig.json',
    '/words.test.ts',
    '/lib/preact/dist/preact.mjs',
    '/lib/preact@0.0.0/dist/preact.mjs',
    '/node_modules/preact/dist/preact.mjs',
    '/../package.json',
    '/library/',
  ])('%s is nothing', async (path) => {
    expect(await files.at(path)).toBeUndefined();
  });

  it('lead the names that modules import to files that never change under their address', async () => {
    const [, map = ''] = /<script type="importmap">(.*?)<\/script>/.exec(await document()) ?? [];
    const { imports } = JSON.parse(map) as { imports: Record<string, string> };
    expect(Object.keys(imports)).toEqual(expect.arrayContaining(['preact', 'htm/preact', '@preact/signals', 'tus-js-client']));
    for (const path of Object.values(imports)) {
      expect(path).toMatch(/@\d+\.\d+\.\d+\//);
      expect(await files.at(path)).toMatchObject({ type: expect.stringContaining('javascript') as string, freshFor: 'ever' });
    }
    const bare = /from ?"([^."/][^"]*)"/g;
    for (const path of Object.values(imports))
      for (const [, name] of (await files.at(path))!.body.toString().matchAll(bare)) expect(imports).toHaveProperty([name!]);
    expect((await files.at('/'))?.policy).toBe(`script-src 'self' 'sha256-${createHash('sha256').update(map).digest('base64')}'`);
  });

  it('are all there that the document names, and the modules of all that is imported', async () => {
    const named = [...(await document()).matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, path]) => path!);
    expect(named.length).toBeGreaterThan(20);
    for (const path of named) expect([path, await files.at(path)]).not.toContain(undefined);
    for (const path of named.filter((name) => name.endsWith('.js')))
      for (const [, to] of (await files.at(path))!.body.toString().matchAll(/from '(\.[^']*)'/g)) {
        const address = new URL(to!, `http://page${path}`).pathname;
        expect([address, named.includes(address)]).toEqual([address, true]);
      }
    const fonts = [...(await files.at('/styles/fonts.css'))!.body.toString().matchAll(/url\('(\/fonts[^']*)'\)/g)];
    expect(fonts.length).toBeGreaterThan(0);
    for (const [, font] of fonts) expect(await files.at(font!)).toMatchObject({ type: 'font/woff2' });
  });

  it('have every style sheet named in the document, once', async () => {
    const named = [...(await document()).matchAll(/<link rel="stylesheet" href="\/([^"]*)"/g)].map(([, path]) => path!);
    const sheets = (await readdir(join(root, 'public'), { recursive: true })).filter((name) => name.endsWith('.css'));
    expect(named.toSorted()).toEqual(sheets.toSorted());
  });

  it('are read again when they have changed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vitrail-page-files-'));
    try {
      await mkdir(join(folder, 'public'));
      await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
      const file = join(folder, 'public', 'index.html');
      await writeFile(file, '<!-- head --> one');
      const own = await pageFiles(folder);
      const first = await own.at('/');
      expect(await own.at('/')).toBe(first);
      await writeFile(file, '<!-- head --> two');
      await utimes(file, new Date(), new Date(Date.now() + 5000));
      const second = await own.at('/');
      expect(second?.body.toString()).toMatch(/two$/);
      expect(second?.etag).not.toBe(first?.etag);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
