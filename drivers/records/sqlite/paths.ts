import { keysOf } from '../paths.ts';

/** A dotted path as SQLite writes it, each key quoted: `a.my-plugin.0` is `$."a"."my-plugin"."0"`. */
export const jsonPath = (path: string): string =>
  `$${keysOf(path)
    .map((key) => `."${key}"`)
    .join('')}`;
