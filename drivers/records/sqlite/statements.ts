import type { Database, Statement } from 'better-sqlite3';
import type { Bound } from './sql.ts';

/** Statements by their text; rows come as the value of their only column. */
export type Prepare = (text: string) => Statement<Bound[]>;

function prepared(db: Database, text: string): Statement<Bound[]> {
  const statement = db.prepare<Bound[]>(text);
  return statement.reader ? statement.pluck() : statement;
}

/** Prepares each text once and keeps the `limit` used last: query shapes are few, but callers could make many. */
export function statementCache(db: Database, limit = 200): Prepare {
  const kept = new Map<string, Statement<Bound[]>>();
  return (text) => {
    const statement = kept.get(text) ?? prepared(db, text);
    kept.delete(text);
    kept.set(text, statement);
    const oldest = kept.keys().next();
    if (kept.size > limit && !oldest.done) kept.delete(oldest.value);
    return statement;
  };
}
