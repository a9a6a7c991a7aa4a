import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { ConfigError } from './error.ts';
import { didYouMean } from './suggestion.ts';

const Options = z.record(z.string(), z.unknown());

/** `name:` with nothing after it means no options. */
const Entry = Options.nullable().transform((options) => options ?? {});

const isRecord = (value: unknown): value is Record<string, unknown> => Options.safeParse(value).success;

/** What stands under `enrichers:`, by name, as written. */
export async function readPluginsFile(file: string): Promise<Record<string, Record<string, unknown>>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ConfigError(
      `the list of enrichers, ${file}, cannot be read (${(error as Error).message}); see VITRAIL_PLUGINS_FILE.`,
    );
  });
  const document = parseDocument(text, { prettyErrors: true });
  const [mistake] = document.errors;
  // The first line says what and where; the rest draws the place.
  if (mistake)
    throw new ConfigError(`${file} is not well-formed YAML: ${mistake.message.split('\n', 1).join('').replace(/:$/, '.')}`);
  const content: unknown = document.toJS();
  if (!isRecord(content) || !('enrichers' in content)) {
    throw new ConfigError(`${file} has to be a map with the key 'enrichers', such as 'enrichers: { palette: {} }'.`);
  }
  const stranger = Object.keys(content).find((key) => key !== 'enrichers');
  if (stranger)
    throw new ConfigError(`${file} has a key '${stranger}' that means nothing there.${didYouMean(stranger, ['enrichers'])}`);
  const { enrichers } = content;
  if (!isRecord(enrichers)) {
    throw new ConfigError(`'enrichers' in ${file} has to be a map from names to options, such as 'palette: { swatches: 6 }'.`);
  }
  return Object.fromEntries(Object.entries(enrichers).map(([name, written]) => [name, entryOf(name, written, file)]));
}

function entryOf(name: string, written: unknown, file: string): Record<string, unknown> {
  const entry = Entry.safeParse(written);
  if (entry.success) return entry.data;
  throw new ConfigError(`enricher '${name}' in ${file} has to be followed by a map of options, such as '${name}: {}'.`);
}
