import { CodedError } from '../coded-error.ts';

/** A value that a hot field may hold. */
export type Scalar = string | number | boolean | null;

/** The part of MongoDB's query language that Vitrail uses; paths are dotted. Anything else is refused with `records.query-invalid`. */
export type Condition =
  | Scalar
  | {
      $eq?: Scalar;
      $ne?: Scalar;
      $gt?: Scalar;
      $gte?: Scalar;
      $lt?: Scalar;
      $lte?: Scalar;
      $in?: readonly Scalar[];
      $nin?: readonly Scalar[];
      $exists?: boolean;
    };
export type Query = {
  readonly [path: string]: Condition | readonly Query[] | undefined;
  readonly $and?: readonly Query[];
  readonly $or?: readonly Query[];
};

/** Updates by dotted path, so that two writers of different paths of one record never undo each other. */
export interface Update {
  $set?: Record<string, unknown>;
  $unset?: Record<string, true>;
  $inc?: Record<string, number>;
}

/** A query about one record, which it names. */
export type QueryOfOne = Query & { readonly id: string };

/** An update of the record that the query names, where it fits the rest of the query too. */
export interface UpdateOfOne {
  query: QueryOfOne;
  update: Update;
}

export interface FindOptions {
  query?: Query;
  /** Field names, `-` before one for descending; `id` breaks ties. */
  sort?: string[];
  limit?: number;
  offset?: number;
}

/** A collection: its hot fields become real columns or indexes, everything else lives in the document. */
export interface Collection {
  name: string;
  /** Fields that queries and sorts name. */
  hot: Record<string, 'text' | 'number' | 'boolean'>;
  /** Each a list of hot fields. */
  indexes?: readonly (readonly string[])[];
  /** Hot fields with a value no two records share; a second insert throws `records.duplicate`. Leave out what has none: `null` may be a value. */
  unique?: readonly string[];
}

/**
 * What services need of a collection of records: moleculer-db's adapter contract with its types said, keyed by `id`.
 * Every driver passes test/conformance/records.ts.
 */
export interface Records<T extends { id: string }> {
  find(options?: FindOptions): Promise<T[]>;
  findOne(query: Query): Promise<T | null>;
  findById(id: string): Promise<T | null>;
  findByIds(ids: string[]): Promise<T[]>;
  count(options?: { query?: Query }): Promise<number>;
  insert(record: T): Promise<T>;
  /** All or none. */
  insertMany(records: T[]): Promise<T[]>;
  /** Answers how many records fitted the query and were updated: with `rev` in the query, compare-and-set. */
  updateMany(query: Query, update: Update): Promise<number>;
  updateById(id: string, update: Update): Promise<T | null>;
  /** Compare-and-set that answers the record as it is afterwards; null where none fitted. */
  updateOne(query: QueryOfOne, update: Update): Promise<T | null>;
  /**
   * Many such updates in the order given, in one write where the driver can; each is done or not by itself. Answers how many were:
   * fewer than asked where a record did not fit.
   */
  updateEach(updates: readonly UpdateOfOne[]): Promise<number>;
  removeMany(query: Query): Promise<number>;
  removeById(id: string): Promise<T | null>;
}

/** What opens collections and holds the connection behind them. */
export interface RecordStore {
  /** The adapter of a collection, made on first use; given to moleculer-db by mixins/records. */
  collection<T extends { id: string }>(collection: Collection): Records<T>;
  /** Resolves where the store answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * - `records.duplicate`: another record has that id, or that value of a unique field.
 * - `records.query-invalid`: a query, update or record is not of the kinds above.
 * - `records.closed`: the store has been closed.
 * - `records.unavailable`: the server behind the records cannot be reached or did not answer in time. Whether a write has been
 *   done, or will be yet, is not known; come again later with a write that may be repeated.
 */
export type RecordsErrorCode = 'records.duplicate' | 'records.query-invalid' | 'records.closed' | 'records.unavailable';

export class RecordsError extends CodedError<RecordsErrorCode> {
  override readonly name = 'RecordsError';
}
