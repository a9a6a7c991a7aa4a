import type { Database, Statement } from 'better-sqlite3';
import type { Bound } from './sql.ts';

export type Prepare = (text: string) => Statement<Bound[]>;

/** Prepares each text once and keeps the `limit` used last: query shapes are few, but callers could make many. */
export function statementCache(db: Database, limit = 200): Prepare {
  const kept = new Map<string, Statement<Bound[]>>();
  return (text) => {
    const statement = kept.get(text) ?? db.prepare<Bound[]>(text);
    kept.delete(text);
    kept.set(text, statement);
    const oldest = kept.keys().next();
    if (kept.size > limit && !oldest.done) kept.delete(oldest.value);
    return statement;
  };
}
