import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Modules of npm packages that the page imports, by the name it imports them by. */
const libraries = {
  preact: 'preact/dist/preact.mjs',
  'preact/hooks': 'preact/hooks/dist/hooks.mjs',
  htm: 'htm/dist/htm.mjs',
  'htm/preact': 'htm/preact/index.mjs',
  '@preact/signals': '@preact/signals/dist/signals.mjs',
  '@preact/signals-core': '@preact/signals-core/dist/signals-core.mjs',
  thumbhash: 'thumbhash/thumbhash.js',
  'tus-js-client': 'tus-js-client/dist/tus.min.js',
} as const;

interface Source {
  file: string;
  freshFor: PageFile['freshFor'];
}

const week = 7 * 24 * 3600;

/** Other files, by the address that the page names them by: its writing, and the page that shows the API. */
const others: Record<string, Source> = {
  '/fonts/latin.woff2': {
    file: 'node_modules/@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-wght-normal.woff2',
    freshFor: week,
  },
  '/fonts/latin-ext.woff2': {
    file: 'node_modules/@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-ext-wght-normal.woff2',
    freshFor: week,
  },
  '/api/docs': { file: 'services/api/docs-page/index.html', freshFor: 0 },
  '/api/docs/ask.css': { file: 'services/api/docs-page/ask.css', freshFor: 0 },
  '/api/docs/start.js': { file: 'services/api/docs-page/start.js', freshFor: 0 },
  '/api/docs/swagger-ui.css': { file: 'node_modules/swagger-ui-dist/swagger-ui.css', freshFor: 0 },
  '/api/docs/swagger-ui-bundle.js': { file: 'node_modules/swagger-ui-dist/swagger-ui-bundle.js', freshFor: 0 },
};

/** Addresses that are states of the page: all of them are index.html, which reads them itself. */
const states = [/^\/$/, /^\/assets\/\w{1,64}$/, /^\/operations$/];

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface PageFile {
  type: string;
  body: Buffer;
  /** The same, compressed, where that is worth it. */
  gzipped?: Buffer;
  /** Strong, quotes included. */
  etag: string;
  /** Seconds that nobody need ask again; a file whose address holds its version never changes. */
  freshFor: number | 'ever';
  /** Of documents: what may run in them. */
  policy?: string;
}

export interface PageFiles {
  /** The file at an address; undefined where the page has none. */
  at(path: string): Promise<PageFile | undefined>;
}

const zip = promisify(gzip);
const shrinks = (type: string): boolean => /^text|svg/.test(type);

/** `/lib/preact@11.2.0/hooks/dist/hooks.mjs`: with the version of the package, so that it can be kept for ever. */
function libraryAddress(root: string, file: string): string {
  const [, name = '', rest = ''] = /^((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(file) ?? [];
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string };
  return `/lib/${name}@${version}/${rest}`;
}

/**
 * What the page is made of, and the one that shows the API: the files of `public/`, and those named here; nothing else is read,
 * whatever is asked for. They are kept in memory, and read again when they have changed on the disk.
 */
export async function pageFiles(root: string): Promise<PageFiles> {
  const folder = join(root, 'public');
  const own = (await readdir(folder, { recursive: true }))
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => extname(name) in types);
  const sources = new Map<string, Source>([
    ...own.map((name) => [`/${name}`, { file: join(folder, name), freshFor: 0 }] as const),
    ...Object.entries(others).map(([path, { file, freshFor }]) => [path, { file: join(root, file), freshFor }] as const),
  ]);
  const imports: Record<string, string> = {};
  for (const [name, file] of Object.entries(libraries)) {
    const address = libraryAddress(root, file);
    imports[name] = address;
    sources.set(address, { file: join(root, 'node_modules', file), freshFor: 'ever' });
  }
  const head = documentHead(imports, own);
  const kept = new Map<string, { changed: number; made: Promise<PageFile> }>();

  async function make({ file, freshFor }: Source): Promise<PageFile> {
    const type = types[extname(file)] ?? '';
    const read = await readFile(file);
    const isDocument = file === join(folder, 'index.html');
    const body = isDocument ? Buffer.from(read.toString().replace('<!-- head -->', head.html)) : read;
    return {
      type,
      body,
      freshFor,
      etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
      ...(shrinks(type) && { gzipped: await zip(body) }),
      ...(isDocument && { policy: head.policy }),
    };
  }

  return {
    async at(path) {
      const source = sources.get(states.some((state) => state.test(path)) ? '/index.html' : path);
      if (!source) return undefined;
      const { mtimeMs } = await stat(source.file);
      const known = kept.get(source.file);
      if (known?.changed === mtimeMs) return known.made;
      const made = make(source);
      kept.set(source.file, { changed: mtimeMs, made });
      made.catch(() => kept.delete(source.file));
      return made;
    },
  };
}

/** Where the names of libraries lead, and which modules to fetch at once rather than as they turn up. */
function documentHead(imports: Record<string, string>, own: readonly string[]): { html: string; policy: string } {
  const map = JSON.stringify({ imports });
  const later = ['tus-js-client'];
  const classic = ['theme.js'];
  const early = [
    ...Object.entries(imports).flatMap(([name, path]) => (later.includes(name) ? [] : [path])),
    ...own.filter((name) => name.endsWith('.js') && !classic.includes(name)).map((name) => `/${name}`),
  ];
  const links = early.map((path) => `<link rel="modulepreload" href="${path}" />`);
  const hash = createHash('sha256').update(map).digest('base64');
  return {
    html: [`<script type="importmap">${map}</script>`, ...links].join('\n    '),
    // An import map can stand nowhere but in the document; its hash lets it in, and nothing else that stands there.
    policy: `script-src 'self' 'sha256-${hash}'`,
  };
}
