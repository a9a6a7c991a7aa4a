import { type StoredFields, type StoredValue, textOf } from '../columns/stored.ts';
import type { SearchField } from '../port.ts';
import { classOf, type Declared, howOf, isColumnar, isText } from '../query/declared.ts';
import { tokensOf } from '../words/text.ts';
import { bytesOf, numbersOf } from './bytes.ts';
import { encoded, graphName, type Kept, keptAs } from './mapping.ts';

/** A document as the index keeps it; what it was made from is in `raw`. */
export interface Filed {
  id: string;
  rev: number;
  live: true;
  raw: StoredFields;
  /** For each field it holds, how it is filed here (`wayOf`): what is declared otherwise by now can be found by this. */
  ways: string[];
  /** Words in it. */
  length: number;
  /** All words; those of the two classes that count more are kept apart, too. */
  words: string[];
  title: string;
  tags: string;
  keywords: Record<string, unknown>;
  numbers: Record<string, unknown>;
  switches: Record<string, unknown>;
  bytes: Record<string, unknown>;
  /** Vectors once more, as numbers of -127 to 127: for the graph, where the index has one. */
  vectors: Record<string, number[]>;
}

/** Begins the ways of all that hold the field. */
export const wayPrefix = (name: string): string => `${encoded(name)}|`;
export const wayOf = (name: string, field: SearchField | undefined): string => wayPrefix(name) + howOf(field);

const typeOf: Record<Exclude<Kept, 'bytes'>, string> = { keywords: 'string', numbers: 'number', switches: 'boolean' };

/** The values a field is filtered, counted and sorted by; null where none fits. */
function valuesOf(field: SearchField, value: StoredValue): unknown {
  const kept = keptAs(field);
  if (kept === 'bytes') return bytesOf(field, value);
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const fitting = [...new Set(list)].filter(
    (item) => typeof item === typeOf[kept] && (kept !== 'numbers' || Number.isFinite(item)),
  );
  if (fitting.length === 0) return null;
  return field.many ? fitting : fitting[0];
}

/** Files a document by what is declared. */
export function filed(
  { id, rev, fields }: { id: string; rev: number; fields: StoredFields },
  { fields: known }: Declared,
): Filed {
  const tokens = { title: [] as string[], tags: [] as string[], body: [] as string[] };
  const values: Record<Kept, Record<string, unknown>> = { keywords: {}, numbers: {}, switches: {}, bytes: {} };
  const vectors: Filed['vectors'] = {};
  const ways: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const field = known.get(name);
    ways.push(wayOf(name, field));
    if (!field) continue;
    if (isText(field)) for (const token of tokensOf(textOf(value))) tokens[classOf(field)].push(token);
    const fitting = isColumnar(field) ? valuesOf(field, value) : null;
    if (fitting !== null) values[keptAs(field)][encoded(name)] = fitting;
    if (field.kind === 'vector' && typeof fitting === 'string') vectors[graphName(field)] = numbersOf(fitting);
  }
  const [title, tags, body] = [tokens.title.join(' '), tokens.tags.join(' '), tokens.body.join(' ')];
  const length = tokens.title.length + tokens.tags.length + tokens.body.length;
  return { id, rev, live: true, raw: fields, ways, length, words: [title, tags, body], title, tags, ...values, vectors };
}

/** What is left of a removed document: that it is gone, since when (ms) and as of which revision. */
export const tombstone = (id: string, rev: number): Record<string, unknown> => ({ id, rev, live: false, goneAt: Date.now() });

/** Notes of the index's own lie among the documents, under ids that no document's can be. */
export const noteId = (name: string): string => `~${name}`;
export const docId = (id: string): string => (id.startsWith('~') ? `~~${id}` : id);

/** A removal counts more than a put of the same revision, and less than the next. */
export const versionOf = (rev: number, gone: boolean): number => 2 * rev + (gone ? 1 : 0);
