import { Errors } from 'moleculer';

interface Row {
  status: number;
  title: string;
  /** Whether coming again, unchanged, may help. */
  retry: boolean;
}

/** Every error a client can see. docs/errors.md is held against this table by a test. */
export const errorTable = {
  'asset.changed': { status: 412, title: 'The asset is not at the revision that was named', retry: false },
  'asset.not-found': { status: 404, title: 'There is no such asset', retry: false },
  'blob.not-found': { status: 404, title: 'There is no such file', retry: false },
  'engine.away': { status: 503, title: 'A server that Vitrail stands on is away', retry: true },
  'enrichment.not-found': { status: 404, title: 'The asset has no such enrichment', retry: false },
  'enricher.not-found': { status: 404, title: 'There is no such enricher', retry: false },
  'enricher.hosted': { status: 409, title: 'A node hosts this enricher', retry: false },
  'enricher.refused': { status: 422, title: 'The enricher cannot work on this file', retry: false },
  'enricher.failed': { status: 500, title: 'The enricher failed', retry: true },
  'enricher.transient': { status: 503, title: 'The enricher could not finish now', retry: true },
  'enricher.timeout': { status: 504, title: 'The enricher took too long and was ended', retry: true },
  'enricher.crashed': { status: 500, title: 'The enricher ended its process', retry: true },
  'enricher.output-invalid': { status: 500, title: 'The enricher gave what its manifest does not promise', retry: true },
  'media.rendition-refused': { status: 422, title: 'This size or format is not offered', retry: false },
  'media.range-unsatisfiable': { status: 416, title: 'The range lies outside the file', retry: false },
  'media.pending': { status: 409, title: 'The picture cannot be shown yet', retry: true },
  'media.unreadable': { status: 422, title: 'The picture cannot be decoded', retry: false },
  'params.invalid': { status: 422, title: 'The request does not fit the schema', retry: false },
  'request.cross-origin': { status: 403, title: 'Pages of other origins may not do this', retry: false },
  'request.key-reused': { status: 422, title: 'The Idempotency-Key is that of another request', retry: false },
  'request.malformed': { status: 400, title: 'The request cannot be read', retry: false },
  'request.misdirected': { status: 421, title: 'This server does not go by that name', retry: false },
  'request.too-large': { status: 413, title: 'The request is larger than allowed', retry: false },
  'request.upgrade': { status: 426, title: 'This address speaks WebSocket only', retry: false },
  'request.too-many': { status: 429, title: 'There are too many requests', retry: true },
  'request.under-way': { status: 409, title: 'The request is being carried out', retry: true },
  'request.unauthorized': { status: 401, title: 'An API key is needed', retry: false },
  'route.not-found': { status: 404, title: 'There is nothing at this address', retry: false },
  'method.not-allowed': { status: 405, title: 'This address does not answer that method', retry: false },
  'search.cursor-invalid': { status: 400, title: 'The cursor is not one that this search gave', retry: false },
  'server.busy': { status: 503, title: 'The server is busy', retry: true },
  'server.internal': { status: 500, title: 'The server failed', retry: true },
  'storage.full': { status: 507, title: 'The server has no room left', retry: true },
  'tag.circle': { status: 409, title: 'A tag cannot stand below itself', retry: false },
  'tag.exists': { status: 409, title: 'The name is taken by another tag', retry: false },
  'tag.limit': { status: 422, title: 'There are as many tags as there may be', retry: false },
  'tag.not-found': { status: 404, title: 'There is no such tag', retry: false },
  'upload.aborted': { status: 400, title: 'The upload ended before its last byte', retry: true },
  'upload.empty': { status: 422, title: 'The file is empty', retry: false },
  'upload.finished': { status: 409, title: 'All bytes of the upload are here already', retry: false },
  'upload.gone': { status: 410, title: 'The upload is no longer there', retry: false },
  'upload.media-type': { status: 415, title: 'Bytes of an upload come as application/offset+octet-stream', retry: false },
  'upload.missing-file': { status: 400, title: 'The request has no file', retry: false },
  'upload.not-found': { status: 404, title: 'There is no such upload', retry: false },
  'upload.offset': { status: 409, title: 'The upload goes on at another offset', retry: false },
  'upload.picture-too-large': { status: 422, title: 'The picture has too many pixels', retry: false },
  'upload.too-large': { status: 413, title: 'The file is larger than allowed', retry: false },
  'upload.too-many-parts': { status: 422, title: 'The upload came in too many pieces', retry: false },
  'upload.tus-version': { status: 412, title: 'The request does not speak tus 1.0.0', retry: false },
  'upload.type-refused': { status: 415, title: 'Files of this kind are not accepted', retry: false },
  'upload.unreadable': { status: 422, title: 'The file cannot be read as what it says it is', retry: false },
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof errorTable;

/** An error with a row in the table. `detail` is shown to clients: it says what is wrong and what to do, and nothing internal. */
export class VitrailError extends Errors.MoleculerError {
  constructor(code: ErrorCode, detail: string, data: Record<string, unknown> = {}) {
    super(detail, errorTable[code].status, code, data);
    this.name = 'VitrailError';
    this.retryable = false;
  }
}

/** Whether something thrown, here or on another node, is an error of the table; of a code, where one is named. */
export function isVitrailError(error: unknown, code?: ErrorCode): error is VitrailError {
  if (!(error instanceof Error) || !('type' in error) || typeof error.type !== 'string') return false;
  return code === undefined ? Object.hasOwn(errorTable, error.type) : error.type === code;
}
