import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { config } from '../config/index.ts';
import { shippedEnrichers } from '../config/plugin-module.ts';
import { type Command, Misuse, Refusal } from './command.ts';
import { enricherFiles } from './create/enricher.ts';

const usage = `Usage: vitrail create enricher NAME [--in DIR] [--json]

Writes the folder NAME with an enricher that works: what it says of itself (index.js), what it does (NAME.js), its test, a README,
and a package.json with which it can be published. It says what to do next: test it, and enable it by one line.

  --in DIR  the folder to write it in; without it the one you are in
  --json    the paths and the line for the plugins file, as one JSON object

Status 0 when it is written, 1 when it is not (there is one), 2 when the line is not understood.`;

interface Wish {
  name: string;
  folder: string;
  json: boolean;
}

export function parseWish(args: string[]): Wish {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { in: { type: 'string', default: '.' }, json: { type: 'boolean', default: false } },
  });
  const [what, name, ...more] = positionals;
  if (what !== 'enricher' || name === undefined || more.length > 0)
    throw new Misuse('Say vitrail create enricher NAME; see vitrail create --help.');
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
    throw new Misuse(`'${name}' is no name for an enricher: a letter, then letters, digits and dashes, lower case, at most 40.`);
  if (shippedEnrichers().includes(name) || name === 'sdk') throw new Misuse(`'${name}' comes with Vitrail: take another name.`);
  return { name, folder: resolve(values.in, name), json: values.json };
}

/** The folder as the plugins file has to name it: seen from where that lies. */
function seenFrom(file: string, folder: string): string {
  const path = relative(dirname(resolve(file)), folder).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

async function writeNew(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  if (existsSync(folder)) throw new Refusal(`${folder} is there already: nothing was written. Take another name or --in DIR.`);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { flag: 'wx' });
}

/** A stranger's way in. */
export const createCommand: Command = {
  usage,
  async run(args) {
    const { name, folder, json } = parseWish(args);
    const { pluginsFile } = config();
    const files = enricherFiles(name);
    await writeNew(folder, files);
    const line = `${name}: { from: ${JSON.stringify(seenFrom(pluginsFile, folder))} }`;
    const shown = relative(process.cwd(), folder) || '.';
    if (json) console.log(JSON.stringify({ folder, files: Object.keys(files), pluginsFile, line }));
    else
      console.log(
        [
          `Wrote ${shown}: ${Object.keys(files).join(', ')}.`,
          `Test it:    npx vitrail test ${shown}`,
          `Enable it:  add this line under enrichers: in ${relative(process.cwd(), pluginsFile)}`,
          `              ${line}`,
          'See it:     npm start (pictures that are there already are done as well)',
        ].join('\n'),
      );
    return 0;
  },
};
