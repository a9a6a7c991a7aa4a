import { parseArgs } from 'node:util';
import { config, type Config } from '../config/index.ts';
import { openData } from '../config/profiles/index.ts';
import { BlobError } from '../drivers/blobs/port.ts';
import { RecordsError } from '../drivers/records/port.ts';
import { SearchError } from '../drivers/search/port.ts';
import { type Command, Misuse, Refusal } from './command.ts';
import { liveNodes } from './migrate/live-nodes.ts';
import { move, type Moved } from './migrate/move.ts';
import { moveDisplay, summary } from './migrate/terminal.ts';

const profiles = ['embedded', 'distributed'] as const;
type Profile = Config['profile'];

const usage = `Usage: vitrail migrate --from embedded|distributed --to embedded|distributed [--overwrite] [--json]

Copies everything from the data folder (VITRAIL_DATA) to the servers of the mesh (VITRAIL_MONGO_URL, VITRAIL_S3_…), or back. The
source is left as it is. No node may be running on either side. Interrupted, it is run again and goes on where it was.

  --overwrite  where the target has other records, make it as the source is; else that is an error, and nothing is written
  --json       what it came to, as one JSON object on standard output

Status 0 only when both sides are equal: counts, records, sizes, and the sha256 of every original. See docs/migrating.md.`;

interface Wish {
  from: Profile;
  to: Profile;
  overwrite: boolean;
  json: boolean;
}

function profileOf(flag: string, value: string | undefined): Profile {
  const profile = profiles.find((one) => one === value);
  if (profile) return profile;
  throw new Misuse(`--${flag} has to be ${profiles.join(' or ')}; see vitrail migrate --help.`);
}

export function parseWish(args: string[]): Wish {
  const { values } = parseArgs({
    args,
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      overwrite: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [from, to] = [profileOf('from', values.from), profileOf('to', values.to)];
  if (from === to) throw new Misuse('--from and --to are the same; see vitrail migrate --help.');
  return { from, to, overwrite: values.overwrite, json: values.json };
}

/** Ctrl-C and SIGTERM: what is under way is let go of; a second one does not wait. */
function stopOnSignal(): AbortController {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => abort.abort(new Refusal('Stopped. Run the same again: it goes on where it was.')));
  return abort;
}

async function moveAll(wish: Wish): Promise<Moved> {
  const [source, target] = [wish.from, wish.to].map((profile): Config => ({ ...config(), profile })) as [Config, Config];
  const { signal } = stopOnSignal();
  const nodes = await liveNodes(source.profile === 'distributed' ? source : target);
  if (nodes.length > 0) throw new Refusal(`Nodes of the mesh are running (${nodes.join(', ')}): stop them first.`);
  const sayWaiting = (what: string) => console.error(`Waiting for ${what}`);
  const onWaiting = (server: string, reason?: string) =>
    reason === undefined ? console.error(`${server} is there`) : sayWaiting(`${server}: ${reason}`);
  await using from = await openData(source, 'from', onWaiting);
  await using to = await openData(target, 'to', onWaiting);
  const display = moveDisplay(process.stderr);
  try {
    return await move(from, to, { overwrite: wish.overwrite, signal, onProgress: display.update, onWaiting: sayWaiting });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    display.stop();
  }
}

/** A server that went away in the middle is said in one line, too. */
function told(error: unknown): unknown {
  const away = error instanceof BlobError || error instanceof RecordsError || error instanceof SearchError;
  return away ? new Refusal(`${error.message}. Run the same again: it goes on where it was.`, { cause: error }) : error;
}

export const migrateCommand: Command = {
  usage,
  async run(args) {
    const wish = parseWish(args);
    const began = Date.now();
    const moved = await moveAll(wish).catch((error: unknown) => {
      throw told(error);
    });
    const seconds = (Date.now() - began) / 1000;
    if (wish.json) console.log(JSON.stringify({ from: wish.from, to: wish.to, seconds, ...moved }));
    else for (const line of summary(moved, seconds)) console.log(line);
    return moved.equal ? 0 : 1;
  },
};
