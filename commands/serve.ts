import { parseArgs } from 'node:util';
import type { ServiceBroker } from 'moleculer';
import { config, ConfigError } from '../config/index.ts';
import { hostedServices } from '../config/roles.ts';
import { toServices } from '../services/ingest/import/destination.ts';
import { walk } from '../services/ingest/import/walk.ts';
import { addressOf, whyNotFree } from '../services/api/address.ts';
import { type Command, Misuse } from './command.ts';
import { feed, isDone, roundOf } from './import/round.ts';
import { startBroker } from './node.ts';
import { openRepl, refuseWithoutTerminal } from './repl/repl.ts';

const usage = `Usage: vitrail [--import DIR|FILE…] [--exit] [--repl]

Starts a node of Vitrail.

  --import DIR|FILE…  take these files in, show how far it is, and keep serving
  --exit              end after the import; status 0 only when every accepted asset is settled
  --repl              a console to the running node, on a terminal (docs/commands.md)

Settings come from the environment: docs/configuration.md lists them.`;

interface Wish {
  imports: string[] | undefined;
  exit: boolean;
  repl: boolean;
}

function parseWish(args: string[]): Wish {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      import: { type: 'string', multiple: true },
      exit: { type: 'boolean', default: false },
      repl: { type: 'boolean', default: false },
    },
  });
  if (values.import === undefined && positionals.length > 0)
    throw new Misuse(`'${positionals[0] ?? ''}' is not understood; see --help.`);
  if (values.import === undefined && values.exit) throw new Misuse('--exit needs --import; see --help.');
  return { imports: values.import && [...values.import, ...positionals], exit: values.exit, repl: values.repl };
}

async function refuseTaken(host: string, port: number, variable: string): Promise<void> {
  const taken = await whyNotFree(host, port);
  if (taken !== undefined) throw new ConfigError(`${taken}: stop that one, or set ${variable} to another port.`);
}

/** npm passes on a signal that the terminal gave to us as well: one Ctrl-C arrives twice. */
const echoMs = 500;

/** Ctrl-C and SIGTERM: work under way is finished, the rest goes on at the next start. A second Ctrl-C does not wait. */
function stopOnSignal(broker: ServiceBroker, abort: AbortController, code: () => number): void {
  let askedAt: number | undefined;
  const stop = () => {
    if (askedAt !== undefined) {
      if (Date.now() - askedAt > echoMs) process.exit(130);
      return;
    }
    askedAt = Date.now();
    abort.abort();
    console.error('\nStopping: what has begun is finished, what has not goes on at the next start. Ctrl-C again stops at once.');
    void broker.stop().finally(() => {
      console.error('Stopped.');
      process.exit(code());
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** Answers whether every accepted asset is settled. */
async function runImport(broker: ServiceBroker, paths: string[], signal: AbortSignal): Promise<boolean> {
  const files = await Array.fromAsync(walk(paths));
  await using to = await toServices(broker);
  return isDone(await roundOf(to, false, signal, feed(broker))(files));
}

async function start(args: string[]): Promise<number | undefined> {
  const wish = parseWish(args);
  if (wish.repl) refuseWithoutTerminal();
  const { host, port, healthPort, metricsPort } = config();
  const serves = hostedServices(config()).includes('api');
  // Said in one line before anything starts; the broker would say it with two stacks.
  if (serves) await refuseTaken(host, port, 'VITRAIL_PORT');
  if (healthPort !== undefined) await refuseTaken(host, healthPort, 'VITRAIL_HEALTH_PORT');
  if (metricsPort !== undefined) await refuseTaken(host, metricsPort, 'VITRAIL_METRICS_PORT');
  // A path that is not there is said before anything starts.
  if (wish.imports) for await (const _first of walk(wish.imports)) break;
  const broker = await startBroker(hostedServices(config()));
  const abort = new AbortController();
  stopOnSignal(broker, abort, () => (wish.exit ? 130 : 0));
  const address = serves ? addressOf(broker) : `node ${broker.nodeID} (${config().role})`;
  console.log(`Vitrail is ready ${serves ? 'on' : 'as'} ${address}`);
  if (wish.repl) openRepl(broker);
  if (!wish.imports) return undefined;
  const settled = await runImport(broker, wish.imports, abort.signal);
  if (abort.signal.aborted) return undefined;
  if (!wish.exit) {
    if (serves) console.log(`See it at ${address}`);
    return undefined;
  }
  await broker.stop();
  return settled ? 0 : 1;
}

/** A node of Vitrail, and an import where one is asked for. */
export const serve: Command = { usage, run: start };
