import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { config } from '../config/index.ts';
import { hostedServices } from '../config/roles.ts';
import { toServices } from '../services/ingest/import/destination.ts';
import { walk } from '../services/ingest/import/walk.ts';
import { type Command, Misuse } from './command.ts';
import { eachRound } from './import/new-files.ts';
import { feed, isDone, type Round, roundOf } from './import/round.ts';
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
      const client = clientOf(wish.url, config().apiKeys[0]);
      // A server that is not there, or wants another key, is said once, and not of each file.
      await client.count(signal);
      await using to = toServer(client);
      const round = roundOf(to, wish.json, signal, () => Promise.resolve());
      return await run(wish, round, signal);
    }
    const broker = await startBroker(hostedServices(config()).filter((name) => name !== 'api'));
    try {
      await using to = await toServices(broker);
      return await run(wish, roundOf(to, wish.json, signal, feed(broker)), signal);
    } finally {
      await broker.stop();
    }
  },
};
