import { BlockList, isIP } from 'node:net';
import { ConfigError } from './error.ts';
import { didYouMean } from './suggestion.ts';
import { type Config, type Variable, variables } from './variables.ts';

const all: readonly (readonly [string, Variable])[] = Object.entries(variables);
const names = all.map(([, { name }]) => name);

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

function valueOf(variable: Variable, text: string | undefined): unknown {
  // `VITRAIL_X=` is how compose files and shells say "not set".
  const written = text?.trim() || variable.default;
  const parsed = variable.kind.schema.safeParse(written);
  if (parsed.success) return Object.freeze(parsed.data);
  const shown = variable.secret ? 'not as it should be' : JSON.stringify(written);
  throw new ConfigError(`${variable.name} is ${shown}; it has to be ${variable.kind.says}.`);
}

/**
 * Reads the variables that begin with VITRAIL_; others are nobody's business here.
 * @throws ConfigError where one is unknown or will not do.
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  for (const name of Object.keys(env)) {
    if (!name.startsWith('VITRAIL_') || names.some((known) => known === name)) continue;
    const hint = didYouMean(name, names) || ' docs/configuration.md lists those there are.';
    throw new ConfigError(`${name} is not a variable that Vitrail knows.${hint}`);
  }
  const config = Object.freeze(
    Object.fromEntries(all.map(([key, variable]) => [key, valueOf(variable, env[variable.name])])) as Config,
  );
  if (config.apiKeys.length === 0 && !isLoopback(config.host)) {
    throw new ConfigError(
      `VITRAIL_HOST is ${JSON.stringify(config.host)}, which others can reach, and there is no API key: ` +
        `set VITRAIL_API_KEYS to ${variables.apiKeys.kind.says}, or VITRAIL_HOST to 127.0.0.1.`,
    );
  }
  if (config.profile === 'embedded' && (config.role !== 'all' || config.services !== undefined)) {
    const name = config.role !== 'all' ? variables.role.name : variables.services.name;
    throw new ConfigError(
      `${name} parts the work among nodes, and in the embedded profile there is one: set VITRAIL_PROFILE to distributed, too.`,
    );
  }
  return config;
}

function mask(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(() => '***');
  return value === undefined ? undefined : '***';
}

/** The configuration for logs and for people: secrets are masked. */
export function describe(config: Config): Record<keyof Config, unknown> {
  const shown = all.map(
    ([key, { secret }]) => [key, secret ? mask(config[key as keyof Config]) : config[key as keyof Config]] as const,
  );
  return Object.fromEntries(shown) as Record<keyof Config, unknown>;
}
