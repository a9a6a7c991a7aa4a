import type { Database } from 'better-sqlite3';
import type { Phrase } from '../words/meaning.ts';
import { type WeightClass, weightClasses } from '../query/declared.ts';

export type Tokens = Record<WeightClass, string[]>;

/** A place to look for words: one column of the full-text table, or any. */
export type Where = WeightClass | 'any';

/** Whatever stands between the quotes is words to FTS5, never an operator. */
const expression = ({ tokens, begins }: Phrase, where: Where): string =>
  `${where === 'any' ? '' : `{${where}} : `}"${tokens.join(' ').replaceAll('"', '""')}"${begins ? ' *' : ''}`;

/** Numbers joined by commas. */
function numbers(list: string): Uint32Array {
  let commas = 0;
  for (let i = 0; i < list.length; i++) if (list.charCodeAt(i) === 44) commas++;
  const found = new Uint32Array(commas + 1);
  let at = 0;
  let number = 0;
  for (let i = 0; i < list.length; i++) {
    const code = list.charCodeAt(i);
    if (code === 44) {
      found[at++] = number;
      number = 0;
    } else {
      number = number * 10 + code - 48;
    }
  }
  found[at] = number;
  return found;
}

/** The full-text table: which rows hold which words. */
export class Words {
  #insert;
  #delete;
  #rows;
  #frequency;
  #next;

  constructor(db: Database) {
    this.#insert = db.prepare<[number, string, string, string]>(
      'INSERT INTO words (rowid, title, tags, body) VALUES (?, ?, ?, ?)',
    );
    this.#delete = db.prepare<[number]>('DELETE FROM words WHERE rowid = ?');
    // One joined string is a third of the cost of as many rows.
    this.#rows = db.prepare<[string], string | null>('SELECT group_concat(rowid) FROM words WHERE words MATCH ?').pluck();
    this.#frequency = db.prepare<[string], number>('SELECT doc FROM vocabulary WHERE term = ?').pluck();
    this.#next = db.prepare<[string, number], string>('SELECT term FROM vocabulary WHERE term > ? LIMIT ?').pluck();
  }

  file(row: number, tokens: Tokens): void {
    this.#delete.run(row);
    const [title = '', tags = '', body = ''] = weightClasses.map((name) => tokens[name].join(' '));
    if (title || tags || body) this.#insert.run(row, title, tags, body);
  }

  remove(row: number): void {
    this.#delete.run(row);
  }

  /** Rows, ascending. */
  rows(phrase: Phrase, where: Where = 'any'): Uint32Array {
    const list = this.#rows.get(expression(phrase, where));
    return list ? numbers(list) : new Uint32Array(0);
  }

  /** In how many documents a token stands. */
  frequency(token: string): number {
    return this.#frequency.get(token) ?? 0;
  }

  /** The next tokens of the vocabulary, in its order. */
  tokensAfter(token: string, most: number): string[] {
    return this.#next.all(token, most);
  }
}
