import type { ActionHandler, Middleware } from 'moleculer';
import { VitrailError } from '../services/contracts/errors.ts';

const says: Record<string, string> = {
  'blob.unavailable': 'The store of bytes does not answer',
  'records.unavailable': 'The database does not answer',
  'search.unavailable': 'The search engine does not answer',
  'channel.unavailable': 'The queue of work does not answer',
  'channel.full': 'The queue of work has no room left',
};

/** What a driver says of a server that is away, as clients and other nodes are told it; anything else stays what it is. */
export function engineAway(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  if (!Object.hasOwn(says, error.code)) return error;
  return Object.assign(new VitrailError('engine.away', `${says[error.code]}; come again in a moment.`), { cause: error });
}

/** Of a node rather than a server: Moleculer's names, because the classes are lost across the mesh. */
const ofNodes = new Set([
  'ServiceNotFoundError',
  'ServiceNotAvailableError',
  'RequestTimeoutError',
  'RequestRejectedError',
  'BrokerDisconnectedError',
]);

/** Whether what was thrown, here or on another node, says that a server or a node is away: it will pass, and nothing else is wrong. */
export const isAway = (error: unknown): boolean =>
  error instanceof Error &&
  (('type' in error && error.type === 'engine.away') || ofNodes.has(error.name) || engineAway(error) !== error);

/**
 * How loudly to say that something failed which comes again by itself: what is away is said by the watch (watch.ts), and need not be
 * said of each thing that fails for it.
 */
export const levelOf = (error: unknown, otherwise: 'warn' | 'error' = 'warn'): 'debug' | 'warn' | 'error' =>
  isAway(error) ? 'debug' : otherwise;

/** Actions whose database, store or search engine is away say so in the words of the error table, which cross the mesh. */
export const engineErrors: Middleware = {
  name: 'engine-errors',
  localAction(next: ActionHandler) {
    return function (ctx) {
      return Promise.resolve(next.call(this, ctx)).catch((error: unknown) => {
        throw engineAway(error);
      });
    };
  },
};
