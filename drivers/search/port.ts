import { CodedError } from '../coded-error.ts';

export type SearchFieldKind =
  | 'text'
  | 'keyword'
  | 'integer'
  | 'float'
  | 'boolean'
  | 'date'
  | 'colors'
  /** Numbers of a fixed length. Two are as far apart as 1 - the cosine of their angle: 0 to 2, to about 0.01. */
  | 'vector'
  /** Bits of a fixed number as lower-case hexadecimal. Two are as far apart as bits differ (Hamming distance). */
  | 'bits';

/** A field of the index, from the core or from an enricher's manifest (`palette.dominant`). Dates are ms since the epoch. */
export interface SearchField {
  name: string;
  kind: SearchFieldKind;
  /** The document may hold a list. */
  many?: boolean;
  /** Text only: how much a hit counts (title 3, tags 2, else 1). */
  weight?: number;
  /** Vector and bits only: how many numbers, or bits (a multiple of 4). */
  length?: number;
  filter?: boolean;
  facet?: boolean;
  sort?: boolean;
}

/** A colour in OKLab (Ottosson 2020): L 0–1, a and b about -0.4–0.4; weight 0–1 is its share of the picture. */
export interface WeightedColor {
  l: number;
  a: number;
  b: number;
  weight: number;
}

export type SearchValue = string | number | boolean | readonly string[] | readonly number[] | readonly WeightedColor[];

export interface SearchDoc {
  id: string;
  /** Guards against late writes: an older one than what is there is ignored. */
  rev: number;
  fields: Record<string, SearchValue>;
}

/** One wish of a query on one field; several on one field all hold. */
export type Filter =
  | { field: string; any: readonly (string | number | boolean)[] }
  | { field: string; all: readonly (string | number | boolean)[] }
  | { field: string; none: readonly (string | number | boolean)[] }
  | { field: string; gte?: number; lte?: number };

export interface SearchQuery {
  /** Words, all of which must be found: as a whole, as a beginning (2 letters or more) or, where neither is known, with a typo. */
  q?: string | undefined;
  filters?: readonly Filter[];
  /** Up to five; those nearest come first, and this order goes before `sort`. The field searched is the `colors` one named here. */
  colors?: { field: string; near: readonly Omit<WeightedColor, 'weight'>[] } | undefined;
  /** Default: by relevance where `q` is given, else newest first (`createdAt` descending). `id` breaks ties. */
  sort?: { field: string; descending: boolean } | undefined;
  limit: number;
  /** An opaque one from an earlier page of the same query; anything else: `search.cursor-invalid`. */
  cursor?: string | undefined;
  /** Fields to count values of; each count leaves out its own field's filters, so that a choice can be widened. */
  facets?: readonly string[];
  /** One field with facets, all of whose values are counted among what is found, its own filters included. */
  tally?: string | undefined;
}

export interface SearchResult {
  ids: string[];
  total: number;
  facets: Record<string, { value: string | number | boolean; count: number }[]>;
  next: string | null;
  /** Where one was asked for: every value there is, in no order. */
  tally?: { value: string | number | boolean; count: number }[];
}

/** Wishes of one question for what is nearest, at most: each looks at all documents. */
export const mostWishes = 5;

/** What of a vector or bits field something is to be near to. */
export interface Wish {
  field: string;
  value: readonly number[] | string;
  /** What is further away than this is not found. Default: nothing is too far. */
  within?: number;
}

export interface NearestQuery {
  /** One to `mostWishes`. */
  near: readonly Wish[];
  /** For each wish: so many of the nearest, 1 to 200. */
  limit: number;
  /** Ids that are not to be found. */
  exclude?: readonly string[];
}

/** A document with its distance in each of the wished fields that it has. */
export interface Neighbour {
  id: string;
  distances: Record<string, number>;
}

export interface GroupsQuery {
  /**
   * How far the members of a group are at most from its first, field by field. The first field is of bits, and within a quarter
   * of them; a document without it is in no group. The others are vectors, bits or sortable numbers: a document without one is
   * not kept out by it.
   */
  near: readonly { field: string; within: number }[];
  /** Which member is the first, and which group: sortable fields, ties broken by id. */
  order: readonly { field: string; descending: boolean }[];
  /** 1 to 200. */
  limit: number;
  /** An opaque one from an earlier page of the same query; anything else: `search.cursor-invalid`. */
  cursor?: string | undefined;
}

export interface Groups {
  /** The first and then the others by order, two at least, with the distance of each from the first in the first field. */
  groups: { id: string; distance: number }[][];
  /** All groups there are. */
  total: number;
  next: string | null;
}

/** What search needs of an index. Every driver passes test/conformance/search.ts. */
export interface SearchIndex {
  /** Declares the fields that documents and queries may name; a field more is added in place, one that has gone stays findable. */
  configure(fields: readonly SearchField[]): Promise<void>;
  /** Adds or replaces whole documents; resolves when they are durable and findable. Concurrent puts share a batch. */
  put(docs: readonly SearchDoc[]): Promise<void>;
  remove(docs: readonly { id: string; rev: number }[]): Promise<void>;
  find(query: SearchQuery): Promise<SearchResult>;
  /**
   * The nearest of each wish, all together, in no particular order: how wishes are weighed is the caller's matter. Of bits exactly
   * those; of vectors an index of very many documents may miss some. The distances are exact.
   */
  nearest(query: NearestQuery): Promise<Neighbour[]>;
  /**
   * Groups of documents that are nearly the same. In the wished order, each document that is in no group yet takes those behind it
   * that are near enough to it: so every member is near to the first, and no chain of likenesses joins what is not alike. While
   * documents change, they may be those of some seconds ago; what is removed is in none.
   */
  groups(query: GroupsQuery): Promise<Groups>;
  count(): Promise<number>;
  /** A mark of the caller's, kept with the index: up to where it has been fed. Null for an index that is new, or made anew. */
  mark(): Promise<string | null>;
  /** Where the index was replaced since this caller read its mark, it says nothing of the new one and is not kept. */
  setMark(mark: string): Promise<void>;
  /**
   * Begins a second, empty index that knows the same fields, while the first goes on answering. One at a time: a rebuild that is
   * under way elsewhere is given up, and its calls reject. Only where an index outlives the process.
   */
  rebuild?(): Promise<Rebuild>;
  close(): Promise<void>;
}

/** An index that is filled behind the one that answers. */
export interface Rebuild extends Pick<SearchIndex, 'put' | 'remove' | 'setMark'> {
  /**
   * Puts it in the place of the other at once, with its own mark, and drops the other. What was only put to the other meanwhile is
   * to be fed again: read the mark and go on from there.
   */
  finish(): Promise<void>;
  /** Drops it. */
  abandon(): Promise<void>;
}

export type SearchErrorCode =
  | 'search.cursor-invalid'
  | 'search.field-unknown'
  | 'search.query-invalid'
  /** The server that keeps the index does not answer, or not in time. Nothing is wrong with what was asked: ask again later. */
  | 'search.unavailable';

export class SearchError extends CodedError<SearchErrorCode> {
  override readonly name = 'SearchError';
}
