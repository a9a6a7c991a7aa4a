import { ErrorCode, NatsError } from 'nats';
import { ChannelError } from '../port.ts';

/** Of the server's errors.json, what is acted on. */
export const codes = {
  noConsumer: 10014,
  noMessage: 10037,
  noSequence: 10043,
  notDeleted: 10057,
  otherStream: 10058,
  noStream: 10059,
  wrongSequence: 10071,
  full: 10077,
  otherConsumer: 10148,
  wrongSequenceUnnamed: 10164,
} as const;

export const codeOf = (error: unknown): number | undefined =>
  error instanceof NatsError ? error.api_error?.err_code : undefined;

/** Another message of the subject came first, or there is one where none was expected. */
export const isConflict = (error: unknown): boolean =>
  codeOf(error) === codes.wrongSequence || codeOf(error) === codes.wrongSequenceUnnamed;

const descriptionOf = (error: unknown): string => (error instanceof NatsError ? (error.api_error?.description ?? '') : '');

/** What was to be read or removed is not there; the server has several ways to say so. */
export const isNoMessage = (error: unknown): boolean =>
  codeOf(error) === codes.noMessage ||
  codeOf(error) === codes.noSequence ||
  (codeOf(error) === codes.notDeleted && /no message|not found|deleted message|EOF/i.test(descriptionOf(error)));

/** Refused by a bound of the stream. */
export const isFull = (error: unknown): boolean => codeOf(error) === codes.full && descriptionOf(error).startsWith('maximum');

const noResponders: string = ErrorCode.NoResponders;

/** The streams or their consumers are not there, or nobody answers for them. */
export const isMissing = (error: unknown): boolean =>
  codeOf(error) === codes.noStream ||
  codeOf(error) === codes.noConsumer ||
  (error instanceof NatsError && error.code === noResponders && error.api_error === undefined);

const passing: readonly string[] = [
  ErrorCode.Timeout,
  ErrorCode.NoResponders,
  ErrorCode.Disconnect,
  ErrorCode.ConnectionClosed,
  ErrorCode.ConnectionRefused,
  ErrorCode.ConnectionTimeout,
];

/** Worth trying again: what was asked may or may not have been done. */
export const mayPass = (error: unknown): boolean =>
  isMissing(error) || (error instanceof NatsError && (passing.includes(error.code) || error.api_error?.code === 503));

/** Trying again would not help: the server or the client says no to what is asked, or to who asks. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof NatsError &&
  !mayPass(error) &&
  (error.api_error !== undefined || error.isAuthError() || error.isPermissionError());

/** What the client says of a failure, in words that name no user and no password. */
export const reasonOf = (error: unknown): string =>
  error instanceof NatsError ? (error.api_error?.description ?? error.code) : error instanceof Error ? error.name : 'unknown';

export const unavailable = (error?: unknown): ChannelError =>
  new ChannelError(
    'channel.unavailable',
    `the queue cannot be reached (${error === undefined ? 'no connection' : reasonOf(error)})`,
  );

export const full = (): ChannelError =>
  new ChannelError('channel.full', 'the queue is full: publish again when some of it is done');

/** For people; that the server is away is said by others (mixins/watch.ts). */
export function warn(what: string, error: unknown): void {
  if (error instanceof ChannelError && error.code === 'channel.unavailable') return;
  process.emitWarning(`${what}: ${String(error)}`);
}

export const closed = (): Error => new Error('the channel is closed: open it again to use it');
