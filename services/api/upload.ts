import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Origin } from '../contracts/asset.ts';
import type { Accepted } from '../contracts/ingest.ts';
import type { IntakeOptions, Note } from '../../mixins/intake.ts';
import { VitrailError } from '../contracts/errors.ts';
import { answer } from './answer.ts';
import type { Query } from './target.ts';
import { readForm } from './upload-form.ts';
import { fieldsOf, noteOf, originOfHead, rawFilename } from './upload-note.ts';

export interface UploadOptions {
  takeIn(source: AsyncIterable<Uint8Array>, note: Note, options: IntakeOptions): Promise<Accepted>;
  /** Bytes of a file, at most. */
  maxBytes: number;
  /** How long a sender may be silent, in ms. */
  idleMs: number;
}

/** What a form may weigh besides its file: 20 fields of 64 KiB, and the boundaries. */
const formBytes = 2 * 1024 * 1024;

/**
 * Takes a file in, from a form or as the raw body: 202 with a new asset, 200 with the one that has the same bytes.
 * @throws upload.missing-file, upload.too-large, upload.aborted, params.invalid, request.malformed, and what ingest refuses
 */
export async function receiveUpload(
  req: IncomingMessage,
  res: ServerResponse,
  query: Query,
  options: UploadOptions,
): Promise<void> {
  const type = req.headers['content-type'];
  const isForm = /^\s*multipart\//i.test(type ?? '');
  refuseByHead(req, options.maxBytes + (isForm ? formBytes : 0), options.maxBytes);
  const origin = originOfHead(req.headers);
  const watch = watchSender(req, res, options.idleMs);
  // A client that asked whether it may send has been waiting so far (RFC 9110, 10.1.1).
  if (/^100-continue$/i.test(req.headers.expect ?? '')) res.writeContinue();
  try {
    const take: Take = (source, said, more) => options.takeIn(source, said, { ...more, signal: watch.signal });
    const accepted = await (isForm
      ? takeForm(req, take, { watch, origin })
      : takeRaw(req, take, noteOf(rawFilename(query, req.headers), type, fieldsOf(query), origin), watch.arrived));
    const { asset, created } = accepted;
    const headers = {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      Location: `/api/assets/${asset.id}`,
    };
    // Also where the client has gone: it may ask again, by an Idempotency-Key.
    answer(req, res, created ? 202 : 200, headers, JSON.stringify(asset));
  } finally {
    watch.end();
  }
}

type Take = (source: AsyncIterable<Uint8Array>, note: Note, more?: Pick<IntakeOptions, 'finalNote'>) => Promise<Accepted>;

async function takeForm(
  req: IncomingMessage,
  take: Take,
  { watch, origin }: { watch: Watch; origin: Origin },
): Promise<Accepted> {
  const form = readForm(req, watch.signal);
  try {
    const { stream, filename, type } = await form.file;
    const note = (): Note => noteOf(filename, type, form.fields, origin);
    const finalNote = async (): Promise<Note> => {
      await form.end;
      watch.arrived();
      return note();
    };
    return await take(stream, note(), { finalNote });
  } finally {
    form.stop();
  }
}

async function takeRaw(req: IncomingMessage, take: Take, note: Note, arrived: () => void): Promise<Accepted> {
  return take(bodyOf(req, arrived), note);
}

/** The body of a request; ending early leaves the connection open, for the answer still has to go out on it. */
async function* bodyOf(req: IncomingMessage, arrived: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of req.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  arrived();
}

/** What can be told before a byte of the body is read. */
function refuseByHead({ headers }: IncomingMessage, limit: number, maxBytes: number): void {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  if (length === '0' && headers['content-type'] !== undefined && coding === undefined)
    throw new VitrailError('upload.empty', 'The file has no bytes; choose another one.');
  if (coding === undefined && (length === undefined || length === '0')) {
    throw new VitrailError(
      'upload.missing-file',
      "Send the file as multipart/form-data in the field 'file', or as the body with its Content-Type.",
    );
  }
  if (Number(length ?? 0) > limit)
    throw new VitrailError('upload.too-large', `A file may have up to ${maxBytes} bytes (VITRAIL_MAX_UPLOAD).`, { maxBytes });
  if (/^\s*application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '')) {
    throw new VitrailError(
      'upload.missing-file',
      'A form without multipart holds no file; with curl use -F file=@…, or --data-binary and -H Content-Type: image/….',
    );
  }
}

interface Watch {
  signal: AbortSignal;
  /** The last byte is here: silence is in order from now on. */
  arrived(): void;
  end(): void;
}

/** Aborts when the sender is gone or has been silent for too long. */
function watchSender(req: IncomingMessage, res: ServerResponse, idleMs: number): Watch {
  const controller = new AbortController();
  const gone = (): void => controller.abort(new VitrailError('upload.aborted', 'The connection ended before the last byte.'));
  const silent = (): void =>
    controller.abort(new VitrailError('upload.aborted', `Nothing came for ${idleMs / 1000} s (VITRAIL_UPLOAD_IDLE_SECONDS).`));
  res.once('close', gone);
  // With a listener of its own the request is not simply cut off.
  req.setTimeout(idleMs, silent);
  const arrived = (): void => {
    req.setTimeout(0);
  };
  return {
    signal: controller.signal,
    arrived,
    end() {
      arrived();
      req.off('timeout', silent);
      res.off('close', gone);
    },
  };
}
