import type { Database } from 'better-sqlite3';
import type { DeadLetter, Lane, LaneStats } from '../port.ts';

/** What an operator sees of the journal, and the way back for dead letters. */
export interface Survey {
  stats(now: number): Record<Lane, LaneStats>;
  deadLetters(limit: number): DeadLetter[];
  /** Revives at most `limit` dead letters, all or those named, in one transaction; answers how many. Where a message of the same key waits, it does for both. */
  revive(limit: number, ids: readonly string[] | undefined, now: number): number;
}

type DeadRow = Omit<DeadLetter, 'id' | 'body'> & { id: number; body: string };

export function openSurvey(db: Database): Survey {
  const totals = db.prepare<[], { lane: Lane; state: 'waiting' | 'working' | 'dead'; messages: number }>(
    `SELECT lane, state, messages FROM totals`,
  );
  const delayed = db
    .prepare<[Lane, number], number>(`SELECT count(*) FROM messages WHERE lane = ? AND state = 'waiting' AND due_at > ?`)
    .pluck();
  const newest = db.prepare<[number], DeadRow>(
    `SELECT id, lane, key, body, deliveries, reason, died_at AS diedAt FROM messages WHERE state = 'dead' ORDER BY died_at DESC, id DESC LIMIT ?`,
  );
  const anyDead = db.prepare<[number], { id: number }>(`SELECT id FROM messages WHERE state = 'dead' LIMIT ?`);
  const namedDead = db.prepare<[string, number], { id: number }>(
    `SELECT id FROM messages WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) AND state = 'dead' LIMIT ?`,
  );
  const hasten = db.prepare<{ id: number; now: number }>(
    `UPDATE messages SET due_at = min(due_at, :now)
     WHERE state = 'waiting' AND (lane, key) = (SELECT lane, key FROM messages WHERE id = :id)`,
  );
  const remove = db.prepare<[number]>(`DELETE FROM messages WHERE id = ?`);
  const wait = db.prepare<{ id: number; now: number }>(
    `UPDATE messages SET state = 'waiting', due_at = :now, deliveries = 0, failures = 0, reason = NULL, died_at = NULL WHERE id = :id`,
  );

  return {
    stats: db.transaction((now: number) => {
      const rows = totals.all();
      const statsOf = (lane: Lane): LaneStats => {
        const total = (state: string): number => rows.find((row) => row.lane === lane && row.state === state)?.messages ?? 0;
        const later = Number(delayed.get(lane, now));
        return { waiting: total('waiting') - later, delayed: later, inFlight: total('working'), dead: total('dead') };
      };
      return { interactive: statsOf('interactive'), backfill: statsOf('backfill') };
    }),

    deadLetters: (limit) =>
      newest.all(limit).map((row) => ({ ...row, id: String(row.id), body: JSON.parse(row.body) as unknown })),

    revive: db.transaction((limit: number, ids: readonly string[] | undefined, now: number) => {
      const dead = ids ? namedDead.all(JSON.stringify(ids), limit) : anyDead.all(limit);
      for (const { id } of dead) {
        if (hasten.run({ id, now }).changes > 0) remove.run(id);
        else wait.run({ id, now });
      }
      return dead.length;
    }),
  };
}
