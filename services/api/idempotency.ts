import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorTable, type ErrorCode, VitrailError } from '../contracts/errors.ts';
import { answer } from './answer.ts';
import { keyOf } from './auth.ts';
import { readJsonObject } from './json-body.ts';
import type { KeptAnswer, KeptAnswers } from './kept-answers.ts';
import { problemType } from './problem.ts';

/** A request whose body may have been read already. */
export type RepeatableRequest = IncomingMessage & { body?: object };

/**
 * Carries a POST out once for each `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): who sends it again gets the first answer.
 * Without the header it is simply carried out.
 * @throws request.malformed; request.key-reused for another request with the same key; request.under-way
 */
export type Idempotency = (
  req: RepeatableRequest,
  res: ServerResponse,
  carryOut: () => Promise<void> | void,
  /** Whether the body is bytes of a file: they are not read to tell requests apart. */
  of: { bytes: boolean },
) => Promise<void>;

/** Longer answers are not kept; the key is as if it had not been sent. In bytes. */
const maxAnswer = 64 * 1024;

/** Longer than any action may take; in ms. */
const longestMs = 130_000;

/** Headers of an answer that belong to it, rather than to its sending. */
const lasting = [
  'content-type',
  'cache-control',
  'location',
  'etag',
  'link',
  'upload-offset',
  'upload-expires',
  'tus-resumable',
  'x-asset-id',
  'x-asset-created',
];

/** A string of RFC 9651, or its content alone, as most clients send it. */
function keyIn({ headers }: IncomingMessage): string | undefined {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  const [, quoted, bare] = /^\s*(?:"([\x20-\x7e]{1,255})"|([\x21\x23-\x7e][\x21-\x7e]{0,254}))\s*$/.exec(String(header)) ?? [];
  const key = quoted ?? bare;
  if (key === undefined)
    throw new VitrailError('request.malformed', 'An Idempotency-Key has 1 to 255 visible ASCII characters; a UUID will do.');
  return key;
}

const hash = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/** What tells an upload from another before its bytes are read. */
const headOf = ({ headers }: IncomingMessage): unknown[] => [
  headers['content-type']?.split(';', 1)[0],
  ...['content-length', 'content-digest', 'upload-length', 'upload-metadata'].map((name) => headers[name]),
];

export function idempotency(kept: KeptAnswers, onError: (error: unknown) => void): Idempotency {
  return async (req, res, carryOut, { bytes }) => {
    const key = keyIn(req);
    if (key === undefined) return carryOut();
    const id = hash([key, keyOf(req.headers)]);
    if (!bytes) {
      const body = await readJsonObject(req);
      if (body) req.body = body;
    }
    const claim = await kept.claim(id, hash([req.method, req.url, bytes ? headOf(req) : (req.body ?? null)]));
    if (claim === 'other') {
      throw new VitrailError('request.key-reused', 'This Idempotency-Key came with another request; take a new one for each.');
    }
    if (claim === 'under-way')
      throw new VitrailError('request.under-way', 'The first request with this Idempotency-Key is not answered yet; come again.');
    if (claim !== 'mine') {
      answer(req, res, claim.status, { ...claim.headers, 'Idempotent-Replayed': 'true' }, claim.body);
      return;
    }
    beforeItEnds(res, async (given) => {
      await (given && isFinal(given) ? kept.keep(id, given) : kept.release(id)).catch(onError);
    });
    try {
      await carryOut();
    } catch (error) {
      await kept.release(id).catch(onError);
      throw error;
    }
  };
}

/** Whether the same request would be answered like that again: neither a failure of ours nor one that passes. */
function isFinal({ status, headers, body }: KeptAnswer): boolean {
  if (status >= 500) return false;
  if (headers['content-type'] !== problemType) return true;
  return !errorTable[(JSON.parse(body) as { code: ErrorCode }).code].retry;
}

/** Looks at an answer and lets it go out only then: who has had it can be sure that it is kept. Nothing to look at: there was none, or it is too long. */
function beforeItEnds(res: ServerResponse, look: (answer: KeptAnswer | undefined) => Promise<void>): void {
  const { write, end } = res;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const take = (chunk: unknown): void => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    const buffer = Buffer.from(chunk as string);
    bytes += buffer.length;
    if (bytes <= maxAnswer) chunks.push(buffer);
  };
  const taken = (): KeptAnswer | undefined => {
    if (bytes > maxAnswer) return undefined;
    const headers = Object.fromEntries(
      lasting.flatMap((name) => {
        const value = res.getHeader(name);
        return value === undefined ? [] : [[name, String(value)]];
      }),
    );
    return { status: res.statusCode, headers, body: Buffer.concat(chunks).toString('utf8') };
  };
  // An action that fails once the client has gone is not answered (moleculer-web); by then it has, whatever it does.
  res.once('close', () => {
    if (res.end === end) return;
    setTimeout(() => {
      if (res.end === end) return;
      Object.assign(res, { write, end });
      void look(undefined);
    }, longestMs).unref();
  });
  res.write = ((...args: Parameters<typeof write>) => {
    take(args[0]);
    return write.apply(res, args);
  }) as typeof write;
  res.end = ((...args: Parameters<typeof end>) => {
    take(args[0]);
    Object.assign(res, { write, end });
    void look(taken()).finally(() => end.apply(res, args));
    return res;
  }) as typeof end;
}
