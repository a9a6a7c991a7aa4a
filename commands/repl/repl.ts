import type { ServiceBroker } from 'moleculer';
import { Refusal } from '../command.ts';
import { asset } from './asset.ts';
import { assets } from './assets.ts';
import type { CustomCommand } from './command.ts';
import { doctor } from './doctor.ts';
import { enrich } from './enrich.ts';
import { enrichers } from './enrichers.ts';
import { lanes } from './lanes.ts';
import { quarantine } from './quarantine.ts';
import { reindex } from './reindex.ts';
import { replay } from './replay.ts';

/** Beside those of moleculer-repl, of which `nodes` is one. */
const customCommands: CustomCommand[] = [assets, asset, enrichers, enrich, lanes, quarantine, replay, reindex, doctor];

/** @throws Refusal where nobody could type: the end of stdin would end the node at once. */
export function refuseWithoutTerminal(): void {
  if (!process.stdin.isTTY) throw new Refusal('The console needs a terminal: start it in one, and without a pipe into it.');
}

/** Opens the console; its end (exit, Ctrl-D) stops the node. */
export function openRepl(broker: ServiceBroker): void {
  Object.assign(broker.options, { replOptions: { delimiter: 'vitrail $', customCommands } });
  broker.repl();
}
