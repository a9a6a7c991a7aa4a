import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { config } from '../config/index.ts';
import { hostedServices } from '../config/roles.ts';
import { call } from '../services/contracts/contract.ts';
import { search } from '../services/contracts/search.ts';
import { toServices } from '../services/ingest/import/destination.ts';
import { type Destination, type ImportProgress, importFiles } from '../services/ingest/import/import.ts';
import { importDisplay, summary } from '../services/ingest/import/terminal.ts';
import { walk } from '../services/ingest/import/walk.ts';
import { type Command, Misuse } from './command.ts';
import { eachRound } from './import/new-files.ts';
import { toServer } from './import/to-server.ts';
import { abortOnSignal, startBroker } from './node.ts';
import { baseOf, clientOf } from './remote/client.ts';

const usage = `Usage: vitrail import DIR|FILE… [--watch] [--url URL] [--json]

Takes files in, waits until their assets are settled, and ends. Folders are taken in depth, without what is hidden.

  --watch    go on: take in what is new or changed in the folders, and again what failed, until Ctrl-C
  --url URL  into the Vitrail that runs there, such as http://127.0.0.1:3000, with the first key of VITRAIL_API_KEYS where there is one;
             without it into the data folder (VITRAIL_DATA), which no other Vitrail may be using
  --json     what it came to, as one JSON object on standard output (with --watch one for each time that something came)

Status 0 when every accepted asset is settled (refused files are listed, and stop nothing), 1 when one is not, 2 when the line is not
understood, 130 after Ctrl-C.`;

interface Wish {
  paths: string[];
  watch: boolean;
  url: URL | undefined;
  json: boolean;
}

export function parseWish(args: string[]): Wish {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      watch: { type: 'boolean', default: false },
      url: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (positionals.length === 0) throw new Misuse('Name folders or files to take in; see vitrail import --help.');
  const { watch, json, url } = values;
  return { paths: positionals, watch, json, url: url === undefined ? undefined : baseOf(url) };
}

type Round = (files: readonly string[]) => Promise<ImportProgress>;

const isDone = ({ failed, settled, files }: ImportProgress): boolean => failed.length === 0 && settled === files;

function roundOf(to: Destination, json: boolean, signal: AbortSignal, found: () => Promise<unknown>): Round {
  return async (files) => {
    const began = Date.now();
    const display = importDisplay(process.stderr, files.length);
    const progress = await importFiles(to, files, { signal, onProgress: display.update }).finally(display.stop);
    if (signal.aborted) return progress;
    await found();
    const seconds = (Date.now() - began) / 1000;
    if (json) console.log(JSON.stringify({ seconds, ...progress }));
    else for (const line of summary(progress, seconds)) console.log(line);
    return progress;
  };
}

async function run({ paths, watch }: Wish, round: Round, signal: AbortSignal): Promise<number> {
  let done = true;
  const take = async (files: readonly string[]) => {
    const progress = await round(files);
    done = isDone(progress);
    return progress.failed.map(({ file }) => resolve(file));
  };
  if (watch) await eachRound(paths, take, signal);
  else await take(await Array.fromAsync(walk(paths)));
  if (signal.aborted) return watch && done ? 0 : 130;
  return done ? 0 : 1;
}

/** Takes files in without serving them. */
export const importCommand: Command = {
  usage,
  async run(args) {
    const wish = parseWish(args);
    // A path that is not there is said before anything starts.
    for await (const _first of walk(wish.paths)) break;
    const signal = abortOnSignal();
    if (wish.url) {
      await using to = toServer(clientOf(wish.url, config().apiKeys[0]));
      const round = roundOf(to, wish.json, signal, () => Promise.resolve());
      return await run(wish, round, signal);
    }
    const broker = await startBroker(hostedServices(config()).filter((name) => name !== 'api'));
    try {
      await using to = await toServices(broker);
      const found = () => call(broker, search.feed, {}, { timeout: 0 });
      return await run(wish, roundOf(to, wish.json, signal, found), signal);
    } finally {
      await broker.stop();
    }
  },
};
