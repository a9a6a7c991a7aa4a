import type { Database } from 'better-sqlite3';
import type {
  Groups,
  GroupsQuery,
  NearestQuery,
  Neighbour,
  SearchDoc,
  SearchField,
  SearchIndex,
  SearchQuery,
  SearchResult,
} from '../port.ts';
import { Background } from './background.ts';
import { Batches } from './batches.ts';
import type { Column } from '../columns/column.ts';
import { Declared } from '../query/declared.ts';
import { Documents, type Row } from './documents.ts';
import { find } from './find.ts';
import { Grouping } from '../groups/groups.ts';
import { nearest } from './nearest.ts';
import { Notes, openDatabase } from './schema.ts';
import { Table } from '../columns/table.ts';
import { Vocabulary } from './vocabulary.ts';
import { Words } from './words.ts';

/** Rows read at once: few enough that what they leave behind is swept up while young. */
const chunk = 250;

/** The index itself, in the thread it lives in. */
export class Engine implements SearchIndex {
  #db: Database;
  #notes: Notes;
  #batches: Batches;
  #background = new Background();
  #declared: Declared;
  #table = new Table();
  #words: Words;
  #vocabulary: Vocabulary;
  #documents: Documents;
  #grouping: Grouping;
  #refile: Set<string>;
  /** Whether the columns are in memory, or on their way there. Who only writes does not need them. */
  #awake = false;

  constructor(file: string) {
    this.#db = openDatabase(file);
    this.#notes = new Notes(this.#db);
    this.#batches = new Batches(this.#db);
    this.#declared = new Declared(this.#notes.get('fields'));
    this.#words = new Words(this.#db);
    this.#vocabulary = new Vocabulary(this.#words);
    this.#documents = new Documents(this.#db, { declared: this.#declared, words: this.#words, vocabulary: this.#vocabulary });
    this.#grouping = new Grouping({ declared: this.#declared, table: this.#table });
    this.#refile = new Set(this.#notes.get('refile'));
    this.#table.declare([...this.#declared.fields.values()]);
    if (this.#refile.size > 0) this.#wake();
  }

  #wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    this.#background.add(this.#load(this.#table.columns, [...this.#refile]));
  }

  /** Resolves when the columns are in memory. */
  #loaded(): Promise<void> {
    this.#wake();
    return this.#background.done();
  }

  /** Fills columns from the documents on disk, filing anew those that hold one of the named fields. */
  *#load(columns: ReadonlyMap<string, Column>, refile: readonly string[]): Generator<void> {
    const names = new Set(refile);
    const refiled = this.#db.transaction((after: number) => this.#documents.refiledChunk(after, chunk, names));
    this.#table.reserve(this.#documents.lastRow(), columns);
    for (let last = 0; ;) {
      const rows: Row[] = names.size > 0 ? refiled(last) : this.#documents.chunk(last, chunk);
      for (const { row, id, words, fields } of rows) this.#table.set(row, id, words, fields, columns);
      last = rows.at(-1)?.row ?? last;
      if (rows.length < chunk) break;
      yield;
    }
    this.#db.pragma('shrink_memory');
    for (const name of refile) this.#refile.delete(name);
    if (refile.length > 0) this.#notes.set('refile', [...this.#refile]);
  }

  async configure(fields: readonly SearchField[]): Promise<void> {
    const { columns, refile } = this.#declared.take(fields);
    for (const name of refile) this.#refile.add(name);
    this.#db.transaction(() => {
      this.#notes.set('fields', [...this.#declared.fields.values()]);
      this.#notes.set('refile', [...this.#refile]);
    })();
    const added = this.#table.declare(columns);
    if (!this.#awake && refile.length > 0) this.#wake();
    else if (this.#awake && (added.size > 0 || refile.length > 0)) this.#background.add(this.#load(added, refile));
  }

  async put(docs: readonly SearchDoc[]): Promise<void> {
    const write = (doc: SearchDoc) => () => {
      const filed = this.#documents.put(doc);
      return () => filed && this.#awake && this.#table.set(filed.row, filed.id, filed.words, filed.fields);
    };
    await Promise.all(docs.map((doc) => this.#batches.add(write(doc))));
  }

  async remove(docs: readonly { id: string; rev: number }[]): Promise<void> {
    const write = (doc: { id: string; rev: number }) => () => {
      const row = this.#documents.remove(doc);
      return () => row !== null && this.#awake && this.#table.remove(row);
    };
    await Promise.all(docs.map((doc) => this.#batches.add(write(doc))));
  }

  async find(query: SearchQuery): Promise<SearchResult> {
    this.#wake();
    for (;;) {
      await this.#background.done();
      const result = find(query, {
        declared: this.#declared,
        table: this.#table,
        words: this.#words,
        vocabulary: this.#vocabulary,
      });
      if (result) return result;
      await this.#vocabulary.ready();
    }
  }

  async nearest(query: NearestQuery): Promise<Neighbour[]> {
    await this.#loaded();
    return nearest(query, { declared: this.#declared, table: this.#table });
  }

  async groups(query: GroupsQuery): Promise<Groups> {
    await this.#loaded();
    return this.#grouping.page(query);
  }

  async count(): Promise<number> {
    await this.#loaded();
    return this.#table.count;
  }

  async mark(): Promise<string | null> {
    return this.#notes.get('mark') ?? null;
  }

  /** In its turn among the puts: it never says more than what was put before it. */
  setMark(mark: string): Promise<void> {
    return this.#batches.add(() => {
      this.#notes.set('mark', mark);
      return () => undefined;
    });
  }

  async close(): Promise<void> {
    this.#background.stop();
    this.#batches.flush();
    this.#db.close();
  }
}
