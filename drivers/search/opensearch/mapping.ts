import { createHash } from 'node:crypto';
import type { SearchField } from '../port.ts';
import { isColumnar } from '../query/declared.ts';
import type { Json } from './server.ts';

/** Raised when documents are kept in another way: part of the index's name, so nodes of two versions each have their own. */
export const structure = 2;

/** A word of more bytes than Lucene takes (32,766) would refuse its document; in UTF-8 a character is up to 4. */
const longestKeyword = 8191;

/** Kinds by what OpenSearch keeps them as. Numbers are doubles as they are in JavaScript; what is near or far is bytes (bytes.ts). */
const kept = {
  keyword: 'keywords',
  text: 'keywords',
  integer: 'numbers',
  float: 'numbers',
  date: 'numbers',
  boolean: 'switches',
  colors: 'bytes',
  vector: 'bytes',
  bits: 'bytes',
} as const;
export type Kept = (typeof kept)[keyof typeof kept];

export const types: Record<Kept, Json> = {
  keywords: { type: 'keyword', ignore_above: longestKeyword },
  numbers: { type: 'double' },
  switches: { type: 'boolean' },
  bytes: { type: 'binary', doc_values: true },
};

export const keptAs = ({ kind }: SearchField): Kept => kept[kind];

/**
 * A field's name as a part of a path: a dot would make it two. Short names stay readable (`palette~2edominant`), others are cut and
 * told apart by a hash.
 */
export function encoded(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, (character) => `~${character.codePointAt(0)?.toString(16) ?? ''}`);
  if (plain.length <= 120) return plain;
  return `${plain.slice(0, 80)}~${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}

/** Where in a document a field's values are kept. A field that changes its kind gets another place: mappings cannot be changed. */
export const pathOf = (field: SearchField): string => `${keptAs(field)}.${encoded(field.name)}`;

/** Where a vector lies for the graph. One of another length gets another place: the length is part of the mapping. */
export const graphName = ({ name, length = 0 }: SearchField): string => `${encoded(name)}-${length}`;

/**
 * A graph (HNSW, Malkov and Yashunin 2018) of the bytes that are compared without one, by Lucene, which needs no library beside
 * Java.
 */
export const graphType = ({ length }: SearchField): Json => ({
  type: 'knn_vector',
  dimension: length,
  data_type: 'byte',
  method: { name: 'hnsw', engine: 'lucene', space_type: 'cosinesimil' },
});

/** Words come cut and folded already (words/text.ts): the analyser need only split at blanks. */
const words = {
  type: 'text',
  analyzer: 'whitespace',
  norms: false,
  index_prefixes: { min_chars: 2, max_chars: 6 },
};
const aside = { type: 'object', enabled: false };
const values = { dynamic: 'strict', properties: {} };

/** Where the index has the k-NN plugin: what is sent to one without it is passed over. */
const vectors = (knn: boolean): Json => (knn ? values : aside);

/**
 * One shard: counts are then exact, and changes have one order (`_seq_no`). A replica comes by itself with a second node.
 * What is put is made findable by put() itself; the interval is for what a node left behind when it was killed in between.
 */
export const indexBody = ({ replicas, knn }: { replicas: string; knn: boolean }): Json => ({
  settings: {
    number_of_shards: 1,
    auto_expand_replicas: replicas,
    refresh_interval: '5s',
    'mapping.total_fields.limit': 5000,
    // A refresh waits for merges of small segments, up to ten seconds: with graphs to build, longer than a write may take.
    ...(knn && { knn, 'merge_on_flush.enabled': false }),
  },
  mappings: {
    dynamic: 'strict',
    // What can be made from the rest is not kept a second time.
    _source: { includes: ['id', 'rev', 'raw', 'note'] },
    properties: {
      id: { type: 'keyword' },
      rev: { type: 'long', index: false },
      live: { type: 'boolean' },
      goneAt: { type: 'double' },
      ways: { type: 'keyword', doc_values: false },
      length: { type: 'integer', index: false },
      words,
      title: words,
      tags: words,
      raw: aside,
      note: aside,
      keywords: values,
      numbers: values,
      switches: values,
      bytes: values,
      vectors: vectors(knn),
    },
  },
});

/** What the fields add to the mapping; nothing is ever taken away. */
export function mappingOf(fields: Iterable<SearchField>, { knn }: { knn: boolean }): Json {
  const properties: Record<Kept | 'vectors', Json> = { keywords: {}, numbers: {}, switches: {}, bytes: {}, vectors: {} };
  for (const field of fields) {
    if (isColumnar(field)) properties[keptAs(field)][encoded(field.name)] = types[keptAs(field)];
    if (knn && field.kind === 'vector') properties.vectors[graphName(field)] = graphType(field);
  }
  const filled = Object.entries(properties).filter(([, of]) => Object.keys(of).length > 0);
  return { properties: Object.fromEntries(filled.map(([name, of]) => [name, { properties: of }])) };
}
