import { setTimeout as delay } from 'node:timers/promises';
import { hasCode } from '../errno.ts';
import { BlobError } from '../port.ts';
import { Passing, stalled } from './transport.ts';

/** What the store answered instead of doing it, by the code of the S3 API: `NoSuchKey`, `AccessDenied`. */
export class Refusal extends BlobError {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super('blob.unavailable', message);
    this.reason = reason;
  }
}

export const refusedAs = (error: unknown, ...reasons: string[]): boolean =>
  error instanceof Refusal && reasons.includes(error.reason);

/** Of a HEAD there is no more than the status. */
export const isMissing = (error: unknown): boolean => refusedAs(error, 'NoSuchKey', 'NotFound');

/** Runs a request that does no harm when it is sent twice. Rejects with a `BlobError`. */
export type Attempt = <T>(request: () => Promise<T>) => Promise<T>;

const passingReasons = ['SlowDown', 'InternalError', 'ServiceUnavailable', 'RequestTimeout', 'OperationAborted'];
const passingErrno = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
];

/** Tried again a few times: rights take a moment to spread, and MinIO says so where a removal takes a folder from under a write. */
const doubtful = 'AccessDenied';
const doubtfulTries = 4;

const firstDelayMs = 50;
const maxDelayMs = 2000;

/** What a failure is called in a word, and whether it may pass; undefined for one that is not the store's. */
export function diagnose(error: unknown): { word: string; passing: boolean } | undefined {
  if (error instanceof Passing) return { word: error.word, passing: true };
  const errno = passingErrno.find((code) => hasCode(error, code));
  if (errno !== undefined) return { word: errno, passing: true };
  const { name, code, Code } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  // An answer that breaks off, or one that is not of the S3 API.
  if (name === 'InvalidXMLError') return { word: 'answered with half a document', passing: true };
  // An error in the body of "200 OK" is thrown as it was parsed, or without its code.
  const told = Code ?? (name === 'S3Error' ? (code ?? 'InternalError') : undefined);
  if (typeof told !== 'string') return undefined;
  return { word: told || 'without a reason', passing: passingReasons.includes(told) };
}

/**
 * Tries again what may pass, with growing delays, for as long as `patienceMs` have not gone by, and at least once; a connection on
 * which nothing moved has used up the patience by itself. Errors name the store by its address and the S3 code only: what a
 * store says more of a refused request has parts of the credentials in it.
 */
export function attempts(endpoint: string, patienceMs: number): Attempt {
  return async (request) => {
    const began = Date.now();
    for (let n = 0; ; n++) {
      try {
        return await request();
      } catch (error) {
        const seen = diagnose(error);
        if (!seen) throw error;
        const again = seen.passing || (seen.word === doubtful && n + 1 < doubtfulTries);
        if (!again) throw new Refusal(seen.word, `the store at ${endpoint} refused: ${seen.word}`);
        const wait = Math.min(firstDelayMs * 2 ** n, maxDelayMs) * (0.75 + Math.random() / 2);
        if (seen.word === stalled || (n > 0 && Date.now() - began + wait > patienceMs)) throw unavailable(endpoint, seen.word);
        await delay(wait);
      }
    }
  };
}

export const unavailable = (endpoint: string, word: string): BlobError =>
  new BlobError('blob.unavailable', `the store at ${endpoint} does not do its work (${word}): try again later`);
