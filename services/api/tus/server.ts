import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERRORS, Server, TUS_RESUMABLE } from '@tus/server';
import { ulid } from 'ulid';
import type { Note } from '../../../mixins/intake.ts';
import { type ErrorCode, isVitrailError, VitrailError } from '../../contracts/errors.ts';
import type { Accepted, ResumableUpload } from '../../contracts/ingest.ts';
import { checkHead, noteOfHead } from './head.ts';
import { gone, PartStore, type PartStoreOptions } from './store.ts';

export interface TusOptions extends Pick<PartStoreOptions, 'blobs' | 'find' | 'append' | 'terminate'> {
  open(upload: { uploadId: string; length: number; metadata?: string } & Note): Promise<ResumableUpload>;
  finish(id: string): Promise<Accepted>;
  /** Bytes of a file, at most. */
  maxBytes: number;
  /** How long a sender may be silent, in ms. */
  idleMs: number;
  /** How long an unfinished upload is kept, in ms. */
  expiryMs: number;
}

/** Answers POST, PATCH, HEAD, DELETE and OPTIONS below `/api/uploads`; fails with an error of the table otherwise. */
export type Tus = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** A request that waits for the upload another one holds asks it to end, and gives it this long, in ms. */
const lockDrainTimeout = 100;

const assetHeaders = (id: string, created: boolean) => ({ 'X-Asset-Id': id, 'X-Asset-Created': String(created) });

/** Resumable uploads: tus 1.0.0 by its own server, over blobs and records that all edges share. */
export function openTus({ open, finish, maxBytes, idleMs, ...store }: TusOptions): Tus {
  const heads = new WeakMap<object, IncomingMessage['headers']>();
  const datastore = new PartStore({
    ...store,
    open: (upload) => {
      const head = heads.get(upload) ?? {};
      const metadata = head['upload-metadata'];
      return open({
        uploadId: upload.id,
        length: upload.size ?? 0,
        ...(typeof metadata === 'string' && metadata !== '' && { metadata }),
        ...noteOfHead(head),
      });
    },
  });
  const server = new Server({
    path: '/api/uploads',
    datastore,
    relativeLocation: true,
    maxSize: maxBytes,
    lockDrainTimeout,
    // No page of another origin is let in; see refuseForeignPages.
    allowedOrigins: () => false,
    namingFunction: () => ulid(),
    async onUploadCreate(req, upload) {
      heads.set(upload, Object.fromEntries(req.headers));
      return {};
    },
    async onUploadFinish(_req, { id }) {
      const { asset, created } = await finish(id);
      return { headers: assetHeaders(asset.id, created) };
    },
    // What is thrown here is thrown on, and answered as everything else is.
    onResponseError(_req, error) {
      throw inWords(error);
    },
  });

  /** One whose bytes are all here, though the answer to the last of them failed, is taken in before it is said to be whole. */
  async function takenIn(upload: ResumableUpload): Promise<ResumableUpload> {
    if (upload.state !== 'stored') return upload;
    try {
      const { asset, created } = await finish(upload.id);
      return { ...upload, state: 'accepted', assetId: asset.id, created };
    } catch (error) {
      throw isVitrailError(error) && error.code < 500 ? gone(error.type) : error;
    }
  }

  async function describe(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { assetId, created = false, expiresAt } = await takenIn(await store.find(idOf(req)));
    if (expiresAt !== undefined) res.setHeader('Upload-Expires', new Date(expiresAt).toUTCString());
    if (assetId === undefined) return;
    for (const [name, value] of Object.entries(assetHeaders(assetId, created))) res.setHeader(name, value);
  }

  return async (req, res) => {
    const { method = '', headers } = req;
    res.setHeader('Tus-Resumable', TUS_RESUMABLE).setHeader('Tus-Version', TUS_RESUMABLE).setHeader('Cache-Control', 'no-store');
    checkHead(method, headers, maxBytes);
    if (method === 'HEAD') await describe(req, res);
    // What came is kept; a client that is still there comes back for the rest.
    const silent = (): void => void req.destroy(new Error('nothing came for too long'));
    req.setTimeout(idleMs, silent).once('end', () => req.setTimeout(0));
    if (/^100-continue$/i.test(headers.expect ?? '')) res.writeContinue();
    try {
      await server.handle(req, res);
    } finally {
      req.setTimeout(0).off('timeout', silent);
    }
  };
}

const idOf = ({ url = '' }: IncomingMessage): string => decodeURIComponent(/([^/?]+)\/?(\?|$)/.exec(url)?.[1] ?? '');

/** Errors of the tus server, which throws objects, by what they would say. */
const words: ReadonlyMap<unknown, readonly [ErrorCode, string]> = new Map([
  [ERRORS.INVALID_OFFSET.body, ['upload.offset', 'HEAD the upload, and go on from its Upload-Offset.']],
  [ERRORS.FILE_NOT_FOUND.body, ['upload.not-found', 'The address is that of no upload.']],
  [ERRORS.FILE_NO_LONGER_EXISTS.body, ['upload.gone', 'The upload has expired; begin another one.']],
  [ERRORS.ERR_SIZE_EXCEEDED.body, ['upload.too-large', 'The request has more bytes than the upload was opened for.']],
  [ERRORS.ERR_MAX_SIZE_EXCEEDED.body, ['upload.too-large', 'The request has more bytes than the upload was opened for.']],
  [ERRORS.ABORTED.body, ['upload.aborted', 'The connection ended, or another request took the upload over; what came is kept.']],
  [ERRORS.ERR_LOCK_TIMEOUT.body, ['server.busy', 'Another request holds the upload; come again.']],
]);

/** What the tus server throws in the words of the error table; anything else stays what it is. */
function inWords(error: unknown): unknown {
  if (isVitrailError(error)) return error;
  const row = words.get((error as { body?: unknown }).body);
  return row ? new VitrailError(...row) : error;
}
