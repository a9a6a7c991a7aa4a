import { mkdir, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { config } from '../config/index.ts';
import { type Command, Misuse, Refusal } from './command.ts';
import { type Library, ofServer, ofServices } from './export/library.ts';
import { type Exported, sidecar, writeAll } from './export/write.ts';
import { size, span } from './words.ts';
import { abortOnSignal, startBroker } from './node.ts';
import { filesDisplay } from './progress.ts';
import { baseOf, clientOf } from './remote/client.ts';

const usage = `Usage: vitrail export DIR [--url URL] [--json]

Writes all originals under their names into the folder DIR, which has to be new or empty, and ${sidecar} beside them: a line of
JSON for each, with its file and all that people and enrichers say of it (title, description, tags, rating, results).

  --url URL  from the Vitrail that runs there, such as http://127.0.0.1:3000, with the first key of VITRAIL_API_KEYS where there is one;
             without it from the data folder (VITRAIL_DATA), which no other Vitrail may be using
  --json     what it came to, as one JSON object on standard output

Status 0 when the original of every asset is there, by its sha256, 1 when one is not, 2 when the line is not understood, 130 after Ctrl-C.`;

interface Wish {
  folder: string;
  url: URL | undefined;
  json: boolean;
}

export function parseWish(args: string[]): Wish {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { url: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Misuse('Name one folder to write to; see vitrail export --help.');
  return { folder: resolve(folder), url: values.url === undefined ? undefined : baseOf(values.url), json: values.json };
}

/** What is read, and how to let go of it. */
async function openLibrary(url: URL | undefined, signal: AbortSignal): Promise<{ library: Library; close(): Promise<void> }> {
  if (url) return { library: ofServer(clientOf(url, config().apiKeys[0]), signal), close: () => Promise.resolve() };
  // Who only reads assets needs neither the pipeline nor the index.
  const broker = await startBroker(['nodes', 'media', 'tags']);
  return { library: ofServices(broker), close: () => broker.stop() };
}

function print({ files, bytes, failed, unlisted }: Exported, seconds: number): void {
  for (const { file, id, reason } of failed) console.log(`failed  ${file} (${id}): ${reason}`);
  console.log(
    `Wrote ${files} files (${size(bytes)}) and ${sidecar} in ${span(seconds)}${failed.length > 0 ? `; ${failed.length} failed` : ''}.`,
  );
  if (unlisted > 0)
    console.log(
      `${unlisted} more are not here: they came meanwhile, or the index has them not yet. Export again, into a new folder.`,
    );
}

/** Everything, for other programs. */
export const exportCommand: Command = {
  usage,
  async run(args) {
    const { folder, url, json } = parseWish(args);
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0) throw new Refusal(`${folder} is not empty: nothing was written. Name a new folder.`);
    const began = Date.now();
    const signal = abortOnSignal();
    const { library, close } = await openLibrary(url, signal);
    using display = filesDisplay(process.stderr, 'written');
    try {
      const exported = await writeAll(library, folder, display, signal);
      display[Symbol.dispose]();
      const seconds = (Date.now() - began) / 1000;
      if (json) console.log(JSON.stringify({ folder, seconds, ...exported }));
      else print(exported, seconds);
      return exported.failed.length === 0 && exported.unlisted === 0 ? 0 : 1;
    } catch (error) {
      if (!signal.aborted) throw error;
      console.error(`Stopped: ${folder} has only a part.`);
      return 130;
    } finally {
      await close();
    }
  },
};
