import { engineAway } from '../../mixins/engine-errors.ts';
import { errorTable, type ErrorCode } from '../contracts/errors.ts';

/** What a client is told of a failure (RFC 9457). `code` is the row of the error table; more members come from the error's data. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  code: ErrorCode;
  [extension: string]: unknown;
}

/** How something thrown is answered. `unexpected`: it has no row of its own, and its story belongs in the log only. */
export interface Failure {
  code: ErrorCode;
  detail?: string | undefined;
  data?: Record<string, unknown> | undefined;
  unexpected: boolean;
}

export const problemType = 'application/problem+json';

/** Seconds after which coming again makes sense. */
const retryAfter = 2;

/**
 * Errors of Moleculer and its gateway, by name, because their class is lost across the mesh. A service that is not found is one
 * that has not started yet or whose node has gone: an address that leads nowhere never gets as far as a call.
 */
const foreign: Record<string, { code: ErrorCode; detail: string }> = {
  ...Object.fromEntries(
    [
      'ServiceNotFoundError',
      'ServiceNotAvailableError',
      'ServiceUnavailableError',
      'RequestTimeoutError',
      'RequestSkippedError',
      'RequestRejectedError',
      'QueueIsFullError',
      'BrokerDisconnectedError',
    ].map((name) => [
      name,
      { code: 'server.busy' as const, detail: 'This part of the server is starting, overloaded or gone; try again.' },
    ]),
  ),
  BadRequestError: { code: 'request.malformed', detail: 'The address holds percent-encoding that cannot be decoded.' },
};

/** What disks, quotas and SQLite say when there is no room left. */
const noRoom = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'];

const isCode = (type: unknown): type is ErrorCode => typeof type === 'string' && Object.hasOwn(errorTable, type);

export function failureOf(thrown: unknown): Failure {
  // What the gateway asked of a store itself comes by no action, where it would have been translated.
  const error = engineAway(thrown);
  if (!(error instanceof Error)) return { code: 'server.internal', unexpected: true };
  const { type, data, code } = error as { type?: unknown; data?: unknown; code?: unknown };
  if (isCode(type)) {
    const extra = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined;
    return { code: type, detail: error.message, data: extra, unexpected: false };
  }
  if (noRoom.includes(String(code)))
    return { code: 'storage.full', detail: 'Make room in the data folder, then come again.', unexpected: true };
  const known = Object.hasOwn(foreign, error.name) ? foreign[error.name] : undefined;
  return known ? { ...known, unexpected: false } : { code: 'server.internal', unexpected: true };
}

export function problemOf({ code, detail, data }: Failure, requestID?: string): Problem {
  const { status, title } = errorTable[code];
  return {
    ...data,
    type: `urn:vitrail:error:${code}`,
    title,
    status,
    ...(detail !== undefined && { detail }),
    ...(requestID !== undefined && { instance: `urn:vitrail:request:${requestID}` }),
    code,
  };
}

/** What goes with a problem besides its body. */
export function problemHeaders({ code, data }: Failure): Record<string, string> {
  const { status, retry } = errorTable[code];
  return {
    'Content-Type': problemType,
    'Cache-Control': 'no-store',
    ...(retry && [409, 503, 504].includes(status) && { 'Retry-After': String(retryAfter) }),
    ...(status === 429 && typeof data?.retryAfter === 'number' && { 'Retry-After': String(data.retryAfter) }),
    ...(status === 426 && { Upgrade: 'websocket' }),
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer realm="vitrail"' }),
    ...(Array.isArray(data?.allow) && { Allow: data.allow.join(', ') }),
    ...(code === 'media.range-unsatisfiable' && typeof data?.bytes === 'number' && { 'Content-Range': `bytes */${data.bytes}` }),
  };
}
