import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from './error.ts';

/** Node's own conditions for an import, https://nodejs.org/api/packages.html#conditional-exports */
const conditions = new Set(['import', 'node', 'module-sync', 'default']);

/** The file that `import` would take for `.`: the first condition that holds, nested ones included. */
function target(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (Array.isArray(exports)) return exports.map(target).find((path) => path !== undefined);
  if (typeof exports !== 'object' || exports === null) return undefined;
  if ('.' in exports) return target(exports['.']);
  return Object.entries(exports)
    .filter(([condition]) => conditions.has(condition))
    .map(([, nested]) => target(nested))
    .find((path) => path !== undefined);
}

function readManifest(folder: string): { exports?: unknown; main?: string } {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { exports?: unknown; main?: string };
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

/** The module of a folder, by its package.json or by the names that go without saying; null where there is none. */
export function entryFile(folder: string): string | null {
  const { exports, main } = readManifest(folder);
  const named = target(exports) ?? main;
  const candidates = [...(named ? [named] : []), 'index.ts', 'index.js'].map((path) => join(folder, path));
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** The folder of an installed npm package, as seen from a file; null where it is not installed. */
export function packageFolder(name: string, seenFrom: string): string | null {
  try {
    const manifest = findPackageJSON(name, pathToFileURL(seenFrom));
    return manifest ? dirname(manifest) : null;
  } catch {
    return null;
  }
}
