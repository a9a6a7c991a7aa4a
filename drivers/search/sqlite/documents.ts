import type { Database } from 'better-sqlite3';
import type { SearchDoc } from '../port.ts';
import { classOf, type Declared, isColumnar, isText, weightClasses } from '../query/declared.ts';
import { stored, type StoredFields, textOf } from '../columns/stored.ts';
import { tokensOf } from '../words/text.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Tokens, Words } from './words.ts';

/** A document as it is kept in memory. */
export interface Row {
  row: number;
  id: string;
  words: number;
  fields: StoredFields;
}

interface Known {
  row: number;
  rev: number;
  gone: 0 | 1;
  words: number;
  texts: string | null;
}

/** The documents on disk. Text that is only searched is kept apart, so that starting up does not read it. */
export class Documents {
  #declared: Declared;
  #words: Words;
  #vocabulary: Vocabulary;
  #known;
  #insert;
  #update;
  #putTexts;
  #removeTexts;
  #lastRow;
  #chunk;
  #wholeChunk;

  constructor(db: Database, { declared, words, vocabulary }: { declared: Declared; words: Words; vocabulary: Vocabulary }) {
    this.#declared = declared;
    this.#words = words;
    this.#vocabulary = vocabulary;
    this.#known = db.prepare<[string], Known>(
      'SELECT docs.row, rev, gone, words, texts FROM docs LEFT JOIN texts ON texts.row = docs.row WHERE id = ?',
    );
    this.#insert = db.prepare<[string, number, 0 | 1]>(
      "INSERT INTO docs (id, rev, gone, words, fields) VALUES (?, ?, ?, 0, '{}')",
    );
    this.#update = db.prepare<[number, 0 | 1, number, string, number]>(
      'UPDATE docs SET rev = ?, gone = ?, words = ?, fields = ? WHERE row = ?',
    );
    this.#putTexts = db.prepare<[number, string]>('INSERT OR REPLACE INTO texts VALUES (?, ?)');
    this.#removeTexts = db.prepare<[number]>('DELETE FROM texts WHERE row = ?');
    this.#lastRow = db.prepare<[], number | null>('SELECT max(row) FROM docs').pluck();
    this.#chunk = db
      .prepare<[number, number], [number, string, number, string]>(
        'SELECT row, id, words, fields FROM docs WHERE row > ? AND gone = 0 ORDER BY row LIMIT ?',
      )
      .raw();
    this.#wholeChunk = db.prepare<
      [number, number],
      { row: number; id: string; rev: number; fields: string; texts: string | null }
    >(
      `SELECT docs.row, id, rev, fields, texts FROM docs LEFT JOIN texts ON texts.row = docs.row
        WHERE docs.row > ? AND gone = 0 ORDER BY docs.row LIMIT ?`,
    );
  }

  #isVector = (name: string): boolean => this.#declared.fields.get(name)?.kind === 'vector';

  /** Null when it is older than what is known, or no newer than the removal. */
  put({ id, rev, fields }: SearchDoc): Row | null {
    const known = this.#known.get(id);
    if (known && (known.rev > rev || (known.gone && known.rev === rev))) return null;
    const row = known?.row ?? Number(this.#insert.run(id, rev, 0).lastInsertRowid);
    return this.#file({ row, id, rev, fields: stored(fields, this.#isVector) }, known);
  }

  /** The row that is no more; null when there was none or something newer is known. The removal is remembered. */
  remove({ id, rev }: { id: string; rev: number }): number | null {
    const known = this.#known.get(id);
    if (known && known.rev > rev) return null;
    if (!known) {
      this.#insert.run(id, rev, 1);
      return null;
    }
    this.#update.run(rev, 1, 0, '{}', known.row);
    this.#removeTexts.run(known.row);
    this.#words.remove(known.row);
    return known.row;
  }

  /** The last row there is; 0 when there is none. */
  lastRow(): number {
    return this.#lastRow.get() ?? 0;
  }

  /** The next documents after a row, in order of rows. */
  chunk(after: number, most: number): Row[] {
    const rows = this.#chunk.all(after, most);
    // One parse of a list takes two thirds of the time of many.
    const all = JSON.parse(`[${rows.map(([, , , fields]) => fields).join()}]`) as StoredFields[];
    return rows.map(([row, id, words], i) => ({ row, id, words, fields: all[i] ?? {} }));
  }

  /** The same, after filing anew those that hold one of the named fields. */
  refiledChunk(after: number, most: number, names: ReadonlySet<string>): Row[] {
    return this.#wholeChunk.all(after, most).map(({ row, id, rev, fields, texts }) => {
      const whole = { ...(JSON.parse(texts ?? '{}') as StoredFields), ...(JSON.parse(fields) as StoredFields) };
      const touched = Object.keys(whole).some((name) => names.has(name));
      return this.#file({ row, id, rev, fields: whole }, undefined, touched);
    });
  }

  #file(doc: { row: number; id: string; rev: number; fields: StoredFields }, known?: Known, touched = true): Row {
    const { row, id, rev } = doc;
    const texts: StoredFields = {};
    const fields: StoredFields = {};
    const tokens: Tokens = { title: [], tags: [], body: [] };
    for (const [name, value] of Object.entries(doc.fields)) {
      const field = this.#declared.fields.get(name);
      if (field && isText(field)) {
        texts[name] = value;
        tokens[classOf(field)].push(...tokensOf(textOf(value)));
      }
      if (!field || !isText(field) || isColumnar(field)) fields[name] = value;
    }
    const words = tokens.title.length + tokens.tags.length + tokens.body.length;
    if (!touched) return { row, id, words, fields };
    this.#update.run(rev, 0, words, JSON.stringify(fields), row);
    // Most puts come from enrichers that change no text.
    const written = JSON.stringify(texts);
    if (known?.gone === 0 && known.texts === written) return { row, id, words, fields };
    this.#putTexts.run(row, written);
    this.#words.file(row, tokens);
    for (const name of weightClasses) this.#vocabulary.add(tokens[name]);
    return { row, id, words, fields };
  }
}
