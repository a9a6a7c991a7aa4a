import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(root, ...path), 'utf8'));

/**
 * npm compiles whatever has a binding.gyp and says nothing else, by the lockfile alone; `npm install` does not write the one word there
 * by which a package says that it brings its binary. Without it a user needs Python and a compiler.
 */
it('what brings its binary is not compiled by npm ci', () => {
  const { packages } = read('package-lock.json') as { packages: Record<string, { gypfile?: boolean }> };
  const ready = Object.keys(packages).filter((path) => {
    if (path === '' || !existsSync(join(root, path, 'binding.gyp'))) return false;
    return (read(path, 'package.json') as { gypfile?: boolean }).gypfile === false;
  });
  expect(ready).toContain('node_modules/better-sqlite3');
  const compiled = ready.filter((path) => packages[path]?.gypfile !== false);
  if (compiled.length > 0) throw new Error(`write "gypfile": false into package-lock.json, of ${compiled.join(' and ')}`);
});
