import { loadConfig } from './load.ts';
import type { Config } from './variables.ts';

export { ConfigError } from './error.ts';
export { describe, loadConfig } from './load.ts';
export type { Config } from './variables.ts';

let loaded: Config | undefined;

/** The configuration of this process, read once. The only place that looks at the environment. */
export const config = (): Config => (loaded ??= loadConfig(process.env));
