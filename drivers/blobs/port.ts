import type { Readable } from 'node:stream';

/** A stored run of bytes. Keys: `originals/<sha256>`, `derived/<sha256>/<enricher>/<fingerprint>/<name>`, `cache/…`, `tmp/<ulid>`. */
export interface BlobInfo {
  key: string;
  bytes: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

/** Bytes that were taken into `tmp/`: not yet an original, and removed by `ingest` when nobody claims them. */
export interface Received {
  tmp: string;
  /** Lower-case hex. */
  sha256: string;
  bytes: number;
}

/** First and last byte, both included, as in HTTP. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A file on this node that holds a blob's bytes, until released. Read only: it may be the store's own. */
export interface LocalFile {
  path: string;
  release(): Promise<void>;
}

export type Bytes = AsyncIterable<Uint8Array> | Uint8Array;

export interface WriteOptions {
  /** More than this many bytes: `blob.too-large`, nothing kept. */
  maxBytes?: number | undefined;
  signal?: AbortSignal | undefined;
  /** false, for what can be made again: seen whole at once, but a power cut within the next seconds may take or tear it. */
  durable?: boolean | undefined;
}

/**
 * What Vitrail needs of a store of bytes. Every driver passes test/conformance/blobs.ts. A blob is seen whole or not at all;
 * blobs are never changed in place, only put again whole. Failures are `BlobError`s.
 */
export interface BlobStore {
  /** Streams into `tmp/<id>`, hashing and counting as it goes. A source that fails, an abort or an excess leaves nothing behind. */
  receive(id: string, source: Bytes, options?: WriteOptions): Promise<Received>;
  /** Moves received bytes to their place. Again, or beside another who commits the same key, does no harm. */
  commit(tmp: string, key: string): Promise<void>;
  /** Writes a blob at once or not at all; an equal key is replaced. */
  put(key: string, source: Bytes, options?: WriteOptions): Promise<BlobInfo>;
  stat(key: string): Promise<BlobInfo | null>;
  /** A stream of the blob or of a part of it; `blob.missing` and `blob.range` are thrown before any byte flows. */
  read(key: string, range?: ByteRange): Promise<Readable>;
  local(key: string): Promise<LocalFile>;
  /** Removes a blob; one that is not there is fine. */
  remove(key: string): Promise<void>;
  /** Removes all blobs below a prefix that ends in `/`. */
  removeAll(prefix: string): Promise<void>;
  /** All blobs below a prefix that ends in `/`, in no order, without holding them all in memory. */
  list(prefix: string): AsyncIterable<BlobInfo>;
  close(): Promise<void>;
}

export type BlobErrorCode = 'blob.missing' | 'blob.too-large' | 'blob.aborted' | 'blob.range' | 'blob.key-invalid';

export class BlobError extends Error {
  override readonly name = 'BlobError';
  readonly code: BlobErrorCode;
  constructor(code: BlobErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
