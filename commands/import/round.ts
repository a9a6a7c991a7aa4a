import type { ServiceBroker } from 'moleculer';
import { call } from '../../services/contracts/contract.ts';
import { search } from '../../services/contracts/search.ts';
import { type Destination, type ImportProgress, importFiles } from '../../services/ingest/import/import.ts';
import { importDisplay, summary } from './terminal.ts';

/** Takes files in, shows how far it is, and prints what it came to. */
export type Round = (files: readonly string[]) => Promise<ImportProgress>;

/** `found` resolves when searches find what is settled. */
export function roundOf(to: Destination, json: boolean, signal: AbortSignal, found: () => Promise<unknown>): Round {
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

/** Feeds the index of this process's services. */
export const feed = (broker: ServiceBroker) => (): Promise<unknown> => call(broker, search.feed, {}, { timeout: 0 });

/** Whether every accepted asset is settled. */
export const isDone = ({ failed, settled, files }: ImportProgress): boolean => failed.length === 0 && settled === files;
