import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Files of a small house with the same rooms, for the snippets to import. */
const furniture = [
  'config/index.ts',
  'config/ports.ts',
  'config/profiles/embedded.ts',
  'drivers/blobs/fs.ts',
  'drivers/blobs/port.ts',
  'drivers/records/sqlite/open.ts',
  'mixins/implement.ts',
  'mixins/enricher/resolve.ts',
  'plugins/palette/index.ts',
  'plugins/palette/logic.ts',
  'plugins/sdk/index.ts',
  'plugins/variants/index.ts',
  'public/page.js',
  'services/api/routes.ts',
  'services/contracts/asset.ts',
  'services/media/media.ts',
];

interface Snippet {
  file: string;
  code: string;
  /** The rule that has to fire, and no other; none where all is well. */
  rule?: string;
}
const imports = (file: string, from: string): Snippet => ({ file, code: `import '${from}';` });
const refused = (file: string, from: string): Snippet => ({ ...imports(file, from), rule: 'import-x/no-restricted-paths' });
const client = (file: string, code: string): Snippet => ({ file, code, rule: 'no-restricted-imports' });
const syntax = (file: string, code: string): Snippet => ({ file, code, rule: 'no-restricted-syntax' });

const broker =
  'declare const ctx: { call(name: string, params?: unknown): Promise<unknown>; emit(name: string): Promise<void> };\n';
const late = 'declare function later(): Promise<void>;\n';

const snippets: Record<string, Snippet[]> = {
  'a plugin imports the sdk, its own files and npm packages only': [
    imports('plugins/palette/a.ts', '../sdk/index.ts'),
    imports('plugins/palette/b.ts', './logic.ts'),
    imports('plugins/palette/c.ts', 'sharp'),
    refused('plugins/palette/d.ts', '../variants/index.ts'),
    refused('plugins/palette/e.ts', '../../services/contracts/asset.ts'),
    refused('plugins/palette/f.ts', '../../drivers/blobs/port.ts'),
    refused('plugins/palette/g.ts', '../../mixins/implement.ts'),
    refused('plugins/palette/h.ts', '../../config/index.ts'),
    refused('plugins/palette/i.test.ts', '../../services/contracts/asset.ts'),
    { file: 'plugins/palette/j.ts', code: `await import('../variants/index.ts');`, rule: 'import-x/no-restricted-paths' },
  ],
  'the sdk imports nothing of ours': [
    imports('plugins/sdk/a.ts', 'zod'),
    refused('plugins/sdk/b.ts', '../palette/index.ts'),
    refused('plugins/sdk/c.ts', '../../services/contracts/asset.ts'),
    refused('plugins/sdk/d.ts', '../../config/ports.ts'),
  ],
  'a service knows contracts, mixins, ports and the sdk, and no other service': [
    imports('services/api/a.ts', '../contracts/asset.ts'),
    imports('services/api/b.ts', '../../mixins/implement.ts'),
    imports('services/api/c.ts', '../../config/ports.ts'),
    imports('services/api/d.ts', '../../drivers/blobs/port.ts'),
    imports('services/api/e.ts', '../../plugins/sdk/index.ts'),
    imports('services/api/f.ts', './routes.ts'),
    refused('services/api/g.ts', '../media/media.ts'),
    refused('services/api/h.ts', '../../drivers/blobs/fs.ts'),
    refused('services/api/i.ts', '../../drivers/records/sqlite/open.ts'),
    refused('services/api/j.ts', '../../config/profiles/embedded.ts'),
    refused('services/api/k.ts', '../../plugins/palette/index.ts'),
    refused('services/contracts/l.ts', '../api/routes.ts'),
    refused('services/contracts/m.ts', '../../mixins/implement.ts'),
    imports('services/api/n.test.ts', '../../drivers/blobs/fs.ts'),
  ],
  'a driver imports no other room': [
    imports('drivers/blobs/a.ts', './port.ts'),
    refused('drivers/blobs/b.ts', '../../services/contracts/asset.ts'),
    refused('drivers/blobs/c.ts', '../../mixins/implement.ts'),
    refused('drivers/blobs/d.ts', '../../plugins/sdk/index.ts'),
    refused('drivers/blobs/e.ts', '../../config/index.ts'),
  ],
  'a mixin knows contracts, ports, config and the sdk': [
    imports('mixins/a.ts', '../services/contracts/asset.ts'),
    imports('mixins/b.ts', '../config/index.ts'),
    imports('mixins/c.ts', '../drivers/blobs/port.ts'),
    refused('mixins/d.ts', '../drivers/blobs/fs.ts'),
    refused('mixins/e.ts', '../services/api/routes.ts'),
    refused('mixins/f.ts', '../plugins/palette/index.ts'),
  ],
  'config puts drivers together and knows no service': [
    imports('config/profiles/a.ts', '../../drivers/blobs/fs.ts'),
    imports('config/b.ts', '../mixins/enricher/resolve.ts'),
    refused('config/c.ts', '../services/contracts/asset.ts'),
    refused('config/d.ts', '../mixins/implement.ts'),
  ],
  'the page knows HTTP only': [imports('public/a.js', './page.js'), refused('public/b.js', '../config/index.ts')],
  'only drivers import a client': [
    imports('drivers/blobs/f.ts', 'better-sqlite3'),
    client('services/media/a.ts', `import 'better-sqlite3';`),
    client('config/e.ts', `import 'node:sqlite';`),
    client('plugins/palette/k.ts', `import type Database from 'better-sqlite3';\nexport type Db = Database.Database;`),
    syntax('mixins/g.ts', `await import('better-sqlite3');`),
  ],
  'services call and emit through services/contracts': [
    syntax('services/media/b.ts', `${broker}await ctx.call('search.query');`),
    syntax('mixins/h.ts', `${broker}await ctx.emit('asset.created.v1');`),
    syntax('main.ts', `${broker}await ctx.call('search.query', {});`),
    { file: 'services/contracts/n.ts', code: `${broker}await ctx.call('search.query');` },
    { file: 'services/media/c.test.ts', code: `${broker}await ctx.call('search.query');` },
    { file: 'mixins/i.ts', code: 'export function run(this: object, f: (this: object) => void): void {\n  f.call(this);\n}' },
  ],
  'only config/index.ts reads the environment': [
    { file: 'config/index.ts', code: 'export const home = process.env.HOME;' },
    syntax('config/f.ts', 'export const home = process.env.HOME;'),
    syntax('services/media/d.ts', 'export const { env } = process;'),
    syntax('drivers/blobs/g.ts', `export const home = process.env.HOME;`),
    syntax('plugins/palette/l.ts', `import { env } from 'node:process';\nexport const home = env.HOME;`),
    { file: 'bench/a.ts', code: 'export const home = process.env.HOME;' },
  ],
  'only the entry and benches print': [
    { file: 'services/media/e.ts', code: `console.log('here');`, rule: 'no-console' },
    { file: 'bench/b.ts', code: `console.log('here');` },
  ],
  'what TypeScript lets pass is refused all the same': [
    { file: 'services/media/f.ts', code: `${late}later();`, rule: '@typescript-eslint/no-floating-promises' },
    { file: 'services/media/g.ts', code: `${late}[1].forEach(later);`, rule: '@typescript-eslint/no-misused-promises' },
    {
      file: 'services/media/h.ts',
      code: 'export const value = (x: any) => typeof x;',
      rule: '@typescript-eslint/no-explicit-any',
    },
    {
      file: 'services/media/i.ts',
      code: `import { later } from './media.ts';\nexport type Later = typeof later;`,
      rule: '@typescript-eslint/consistent-type-imports',
    },
    {
      file: 'services/media/j.ts',
      code: `export function f(x: 'a' | 'b'): void {\n  switch (x) {\n    case 'a':\n  }\n}`,
      rule: '@typescript-eslint/switch-exhaustiveness-check',
    },
    { file: 'services/media/k.ts', code: 'export default 1;', rule: 'import-x/no-default-export' },
    { file: 'services/media/l.service.ts', code: 'export default {};' },
    { file: 'services/media/m.ts', code: `import './m.ts';`, rule: 'import-x/no-self-import' },
    { file: 'services/media/o.ts', code: `// eslint-disable-next-line no-console\nconsole.log('here');`, rule: 'no-console' },
  ],
  'files import each other in no circle': [
    {
      file: 'services/media/x.ts',
      code: `import { y } from './y.ts';\nexport const x = (): unknown => y;`,
      rule: 'import-x/no-cycle',
    },
    {
      file: 'services/media/y.ts',
      code: `import { x } from './x.ts';\nexport const y = (): unknown => x;`,
      rule: 'import-x/no-cycle',
    },
  ],
};

let house: string;
const found = new Map<string, Set<string | null>>();

/** One run of ESLint, with the project's own configuration, over a house that holds every snippet. */
beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'vitrail-lint-'));
  const write = (file: string, code: string): void => {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), `${code}\n`);
  };
  for (const file of furniture) write(file, file.endsWith('.ts') ? 'export const later = 1;' : '');
  for (const { file, code } of Object.values(snippets).flat()) write(file, code);
  for (const file of ['eslint.config.js', 'tsconfig.json', 'package.json']) copyFileSync(join(root, file), join(house, file));
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));

  const { stdout, stderr } = spawnSync('eslint', ['--format', 'json', '.'], { cwd: house, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (!stdout.startsWith('[')) throw new Error(`ESLint itself failed: ${stderr}`);
  const results = JSON.parse(stdout) as { filePath: string; messages: { ruleId: string | null; severity: number }[] }[];
  for (const { filePath, messages } of results) {
    found.set(
      filePath.slice(house.length + 1),
      new Set(messages.filter(({ severity }) => severity === 2).map(({ ruleId }) => ruleId)),
    );
  }
});
afterAll(() => {
  rmSync(house, { recursive: true });
});

describe('the lint rules', () => {
  it.each(Object.entries(snippets))('%s', (_title, group) => {
    const fired = group.map(({ file, code }) => ({ file, code, rules: [...(found.get(file) ?? ['not linted'])] }));
    expect(fired).toEqual(group.map(({ file, code, rule }) => ({ file, code, rules: rule ? [rule] : [] })));
  });
});
