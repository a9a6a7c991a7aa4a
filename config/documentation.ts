import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Enricher } from '../plugins/sdk/index.ts';
import { importEnricher, locate, shippedEnrichers } from './plugin-module.ts';
import { optionsOf, type OptionSchema } from './plugin-options.ts';
import { packageRoot, type Variable, variables } from './variables.ts';

export const documentationFile = join(packageRoot, 'docs', 'configuration.md');

const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const defaultOf = ({ default: value, defaultDoc }: Variable): string => defaultDoc ?? (value ? code(value) : 'none');

function variableRow(variable: Variable): string[] {
  const { name, doc, unit, secret, kind } = variable;
  const takes = unit ? `${unit}: ${kind.says}` : kind.says;
  return [code(name), defaultOf(variable), takes, secret ? `${doc} Never shown in logs or messages.` : doc];
}

function sections(): string {
  const all: Variable[] = Object.values(variables);
  return [...new Set(all.map(({ section }) => section))]
    .map((section) => {
      const rows = all.filter((variable) => variable.section === section).map(variableRow);
      return `### ${section}\n\n${table(['Variable', 'Default', 'Takes', 'What it is'], rows)}`;
    })
    .join('\n\n');
}

/** What may be written for an option, in words: `integer, 1 to 16`. Bounds that only say "safe integer" (zod's) are left out. */
export function typeInWords({ type, enum: values, items, minimum, maximum }: OptionSchema): string {
  if (values) return `one of ${values.map((value) => code(JSON.stringify(value))).join(', ')}`;
  if (items) return `list: ${typeInWords(items)}`;
  const named = [type ?? 'any'].flat().join(' or ');
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (least !== undefined && most !== undefined) return `${named}, ${least} to ${most}`;
  if (least !== undefined) return `${named}, ${least} or more`;
  return most === undefined ? named : `${named}, ${most} or less`;
}

/** A row for each option, those of a group as `group.option`. */
function optionRows([name, schema]: [string, OptionSchema]): string[][] {
  const { properties, default: fallback, description } = schema;
  if (properties) return Object.entries(properties).flatMap(([inner, nested]) => optionRows([`${name}.${inner}`, nested]));
  return [[code(name), fallback === undefined ? 'none' : code(JSON.stringify(fallback)), typeInWords(schema), description ?? '']];
}

function enricherSection(enricher: Enricher): string {
  const rows = Object.entries(optionsOf(enricher).properties ?? {}).flatMap(optionRows);
  const options = rows.length ? table(['Option', 'Default', 'Takes', 'What it is'], rows) : 'It has no options.';
  return `### ${enricher.name}\n\n${enricher.description ?? enricher.title}\n\n${options}`;
}

/** docs/configuration.md as it has to be: made from the table of variables and from what the shipped enrichers declare. */
export async function configurationDocument(): Promise<string> {
  const enrichers = await Promise.all(
    shippedEnrichers().map((name) => importEnricher(name, locate(name, undefined, documentationFile))),
  );
  const text = `# Configuration

<!-- Made by \`npm run docs:configuration\` from config/variables.ts and the plugins; do not edit. -->

Vitrail is configured by environment variables and by one file that lists the enrichers. Whatever will not do, be it an unknown variable with
the prefix, a bad value, an unknown enricher or an unknown option, stops the start with one line that names it.

## Variables

An empty variable counts as one that is not set. Sizes take units: \`8388608\`, \`8MB\` (of thousands), \`2GiB\` (of 1,024s).

${sections()}

## Enrichers

\`config/plugins.yaml\`, or the file that \`VITRAIL_PLUGINS_FILE\` names, lists the enrichers that run, each with its options:

\`\`\`yaml
enrichers:
  variants: {}
  palette: { swatches: 6 }
  my-enricher: { from: ../my-enricher, option: value }
\`\`\`

\`from\` is for enrichers from elsewhere: a folder (it begins with \`./\`, \`../\` or \`/\` and is seen from the file) or the name of an installed
npm package. The name is the one that the enricher declares. Those that come with Vitrail:

${enrichers.map(enricherSection).join('\n\n')}
`;
  return format(text, { ...(await resolveConfig(documentationFile)), parser: 'markdown' });
}
