import type { Readable } from 'node:stream';
import { DataStore, Metadata, Upload } from '@tus/server';
import { ulid } from 'ulid';
import type { BlobStore } from '../../../drivers/blobs/port.ts';
import { VitrailError } from '../../contracts/errors.ts';
import type { ResumableUpload, UploadPart } from '../../contracts/ingest.ts';

export interface PartStoreOptions {
  blobs: Pick<BlobStore, 'receive'>;
  /** The state of uploads, which all edges share. */
  find(id: string): Promise<ResumableUpload>;
  append(id: string, offset: number, part: UploadPart): Promise<ResumableUpload>;
  terminate(id: string): Promise<void>;
  /** Enters an upload that has been named, as its request describes it. */
  open(upload: Upload): Promise<ResumableUpload>;
  /** How long an unfinished upload is kept, in ms. */
  expiryMs: number;
  /** Bytes of one part, at most: so many are sent again where a node dies. */
  partBytes?: number;
}

/**
 * Bytes of resumable uploads as parts in the blob store, of which ingest keeps the order: nothing of an upload is one edge's own, so a
 * client may go on at any. A part is kept whole or not at all; of a connection that breaks all that came is kept.
 */
export class PartStore extends DataStore {
  readonly #options: Required<PartStoreOptions>;

  constructor(options: PartStoreOptions) {
    super();
    this.extensions = ['creation', 'creation-with-upload', 'expiration', 'termination'];
    this.#options = { partBytes: 64 * 1024 * 1024, ...options };
  }

  override async create(upload: Upload): Promise<Upload> {
    await this.#options.open(upload);
    return upload;
  }

  /** @throws upload.not-found, upload.gone */
  override async getUpload(id: string): Promise<Upload> {
    const upload = await this.#options.find(id);
    if (upload.state === 'refused') throw gone(upload.code);
    return toTus(upload, this.#options.expiryMs);
  }

  /** @returns the offset after the last byte that is kept */
  override async write(stream: Readable, id: string, from: number): Promise<number> {
    const { blobs, append, partBytes } = this.#options;
    let offset = from;
    for await (const part of partsOf(stream, partBytes)) {
      const received = await blobs.receive(`${id}.${ulid()}`, part);
      ({ offset } = await append(id, offset, received));
    }
    return offset;
  }

  override remove(id: string): Promise<void> {
    return this.#options.terminate(id);
  }

  override getExpiration(): number {
    return this.#options.expiryMs;
  }
}

export const gone = (reason = 'upload.gone'): VitrailError =>
  new VitrailError('upload.gone', 'The upload was refused or has expired, and its bytes are removed; begin another one.', {
    reason,
  });

/** For tus an upload expires so long after its beginning; for us, after the last byte that came. */
function toTus({ id, bytes, offset, metadata, createdAt, expiresAt }: ResumableUpload, expiryMs: number): Upload {
  const began = expiresAt === undefined ? createdAt : new Date(Date.parse(expiresAt) - expiryMs).toISOString();
  return new Upload({
    id,
    size: bytes,
    offset,
    creation_date: began,
    ...(metadata !== undefined && { metadata: Metadata.parse(metadata) }),
  });
}

/**
 * Cuts a stream into streams of a size, each to be read to its end before the next. Where it fails the last one ends there, and the
 * failure comes after it.
 */
export async function* partsOf(stream: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<AsyncGenerator<Uint8Array>> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
  const failure: { error?: unknown } = {};
  let rest = await next();

  async function next(): Promise<Uint8Array | undefined> {
    try {
      return (await chunks.next()).value;
    } catch (error) {
      failure.error = error;
      return undefined;
    }
  }
  async function* part(): AsyncGenerator<Uint8Array> {
    for (let room = size; rest !== undefined && room > 0;) {
      const taken = rest.subarray(0, room);
      room -= taken.byteLength;
      yield taken;
      rest = taken.byteLength < rest.byteLength ? rest.subarray(taken.byteLength) : await next();
    }
  }

  while (rest !== undefined) yield part();
  if ('error' in failure) throw failure.error;
}
