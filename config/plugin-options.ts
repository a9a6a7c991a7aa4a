import { type Enricher, manifestOf } from '../plugins/sdk/index.ts';
import { ConfigError } from './error.ts';
import { didYouMean } from './suggestion.ts';

/** The part of a JSON Schema that options are made of. */
export interface OptionSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  items?: OptionSchema;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, OptionSchema>;
  required?: string[];
  additionalProperties?: unknown;
}

/** The options that an enricher knows, as JSON Schema. */
export const optionsOf = (enricher: Enricher): OptionSchema => manifestOf(enricher, {}).configSchema;

/** Schemas that are not strict drop what they do not know; a typo in a file has to be told all the same. */
function refuseUnknown(enricher: Enricher, options: Record<string, unknown>, file: string): void {
  const { properties, additionalProperties } = optionsOf(enricher);
  if (!properties) return;
  if ('from' in properties) {
    throw new ConfigError(`enricher '${enricher.name}' has an option 'from', which ${file} needs for itself; rename it.`);
  }
  if (additionalProperties) return;
  const known = Object.keys(properties);
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, known) || (known.length ? ` It has ${known.join(', ')}.` : ' It has none.');
  throw new ConfigError(`enricher '${enricher.name}' in ${file} has no option '${unknown}'.${hint}`);
}

/** The options as the enricher's own schema gives them, defaults filled in. */
export async function parseOptions(enricher: Enricher, options: Record<string, unknown>, file: string): Promise<unknown> {
  refuseUnknown(enricher, options, file);
  const parsed = await enricher.config.safeParseAsync(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const option = issue?.path.join('.') ?? '';
  throw new ConfigError(
    `enricher '${enricher.name}' in ${file}: ${option ? `option '${option}': ` : ''}${issue?.message ?? 'wrong options'}.`,
  );
}
