export type SearchFieldKind = 'text' | 'keyword' | 'integer' | 'float' | 'boolean' | 'date' | 'colors';

/** A field of the index, from the core or from an enricher's manifest (`palette.dominant`). Dates are ms since the epoch. */
export interface SearchField {
  name: string;
  kind: SearchFieldKind;
  /** The document may hold a list. */
  many?: boolean;
  /** Text only: how much a hit counts (title 3, tags 2, else 1). */
  weight?: number;
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
}

export interface SearchResult {
  ids: string[];
  total: number;
  facets: Record<string, { value: string | number | boolean; count: number }[]>;
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
  count(): Promise<number>;
  /** A mark of the caller's, kept with the index: up to where it has been fed. */
  mark(): Promise<string | null>;
  setMark(mark: string): Promise<void>;
  close(): Promise<void>;
}

export type SearchErrorCode = 'search.cursor-invalid' | 'search.field-unknown' | 'search.query-invalid';

export class SearchError extends Error {
  override readonly name = 'SearchError';
  readonly code: SearchErrorCode;
  constructor(code: SearchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
