import type { Readable } from 'node:stream';
import { CodedError } from '../coded-error.ts';

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

export interface AddressOptions {
  /** How long the address holds: 900 (15 minutes) unless told, at most 604,800 (a week). */
  expiresSeconds?: number | undefined;
  /** What the file is called by whoever saves it. */
  fileName?: string | undefined;
  contentType?: string | undefined;
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
  /** Fills memory with the blob's first bytes: cheaper than a stream for small ones. `blob.range` where it has fewer. */
  fill(into: Uint8Array, key: string): Promise<void>;
  local(key: string): Promise<LocalFile>;
  /** Removes a blob; one that is not there is fine. */
  remove(key: string): Promise<void>;
  /** Removes all blobs below a prefix that ends in `/`. */
  removeAll(prefix: string): Promise<void>;
  /** All blobs below a prefix that ends in `/`, in no order, without holding them all in memory. */
  list(prefix: string): AsyncIterable<BlobInfo>;
  /**
   * An HTTP address at which anyone who has it can GET the blob, ranges too, for a while: the bytes go past this node. Only where the
   * store serves HTTP itself. Whether the blob is there is not looked at.
   * @throws RangeError for a time that no address can hold
   */
  address?(key: string, options?: AddressOptions): Promise<string>;
  close(): Promise<void>;
}

/** `blob.unavailable`: the store does not answer or refuses to work. It says nothing of the blob; the same call may do well later. */
export type BlobErrorCode =
  'blob.missing' | 'blob.too-large' | 'blob.aborted' | 'blob.range' | 'blob.key-invalid' | 'blob.unavailable';

export class BlobError extends CodedError<BlobErrorCode> {
  override readonly name = 'BlobError';
}
