import type { Database } from 'better-sqlite3';
import { ulid } from 'ulid';
import { lanes, type Lane, type Message } from '../port.ts';

/** A message that this process has in work. */
export interface Claimed {
  id: number;
  lane: Lane;
  key: string;
  /** JSON. */
  body: string;
  deliveries: number;
  failures: number;
}

/**
 * The messages and their states. A lease is ownership by this open journal, for as long as the process lives: whoever opens the
 * file next takes over all that is in work, and a settling of the former owner then does nothing. Times are in ms since the epoch.
 */
export interface Queue {
  /** One transaction. A message of the same lane and key that waits already stays, due at the sooner of both times. */
  add(messages: readonly Message[], dueAt: number): void;
  /** What is due in these lanes, interactive first, then by due time; nothing of a key that is in work. */
  claim(limit: number, now: number, lanes: readonly Lane[]): Claimed[];
  /** Which of these are still ours. */
  owned(ids: readonly number[]): Set<number>;
  done(id: number): void;
  /** Back to wait. Where the key was published again meanwhile, that newer message stays alone, due at the sooner of both times. */
  putBack(id: number, dueAt: number, failed: boolean): void;
  /** As if it had never been claimed, but for the count of deliveries. */
  release(ids: readonly number[]): void;
  bury(id: number, reason: string, now: number): void;
  /** When the next message of these lanes becomes due that is not due now; null for none. */
  nextDueAt(now: number, lanes: readonly Lane[]): number | null;
}

type Waiting = Omit<Claimed, 'lane'> & { lane: Lane; due_at: number };

export function openQueue(db: Database): Queue {
  const owner = ulid();

  const insert = db.prepare<[Lane, string, string, number]>(
    `INSERT INTO messages (lane, key, body, due_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (lane, key, state) DO UPDATE SET due_at = min(due_at, excluded.due_at)`,
  );
  const due = db.prepare<[Lane, number, number], Waiting>(
    `SELECT id, lane, key, body, deliveries, failures, due_at FROM messages AS m
     WHERE lane = ? AND state = 'waiting' AND due_at <= ?
       AND NOT EXISTS (SELECT 1 FROM messages AS w WHERE w.lane = m.lane AND w.key = m.key AND w.state = 'working')
     ORDER BY due_at, id LIMIT ?`,
  );
  const take = db.prepare<[string, number]>(
    `UPDATE messages SET state = 'working', owner = ?, deliveries = deliveries + 1 WHERE id = ?`,
  );
  const ours = db.prepare<[string, string], { id: number }>(
    `SELECT id FROM messages WHERE id IN (SELECT value FROM json_each(?)) AND state = 'working' AND owner = ?`,
  );
  const mine = db.prepare<[number, string], Waiting>(`SELECT * FROM messages WHERE id = ? AND state = 'working' AND owner = ?`);
  const remove = db.prepare<[number]>(`DELETE FROM messages WHERE id = ?`);
  const removeOurs = db.prepare<[number, string]>(`DELETE FROM messages WHERE id = ? AND state = 'working' AND owner = ?`);
  const mergeIntoNewer = db.prepare<{ lane: Lane; key: string; dueAt: number; deliveries: number; failures: number }>(
    `UPDATE messages SET due_at = min(due_at, :dueAt), deliveries = :deliveries, failures = :failures
     WHERE lane = :lane AND key = :key AND state = 'waiting'`,
  );
  const wait = db.prepare<{ id: number; dueAt: number; failures: number }>(
    `UPDATE messages SET state = 'waiting', owner = NULL, due_at = :dueAt, failures = :failures WHERE id = :id`,
  );
  const removeOlderDead = db.prepare<[Lane, string]>(`DELETE FROM messages WHERE lane = ? AND key = ? AND state = 'dead'`);
  const die = db.prepare<[string, number, number]>(
    `UPDATE messages SET state = 'dead', owner = NULL, failures = failures + 1, reason = ?, died_at = ? WHERE id = ?`,
  );
  const next = db.prepare<[Lane, number], { dueAt: number | null }>(
    `SELECT min(due_at) AS dueAt FROM messages WHERE lane = ? AND state = 'waiting' AND due_at > ?`,
  );

  function waitAgain({ id, lane, key, deliveries, failures }: Waiting, dueAt: number): void {
    const merged = mergeIntoNewer.run({ lane, key, dueAt, deliveries, failures });
    if (merged.changes > 0) remove.run(id);
    else wait.run({ id, dueAt, failures });
  }

  db.transaction(() => {
    for (const row of db.prepare<[], Waiting>(`SELECT * FROM messages WHERE state = 'working'`).all()) waitAgain(row, row.due_at);
  })();

  return {
    add: db.transaction((messages: readonly Message[], dueAt: number) => {
      for (const { lane, key, body } of messages) insert.run(lane, key, JSON.stringify(body ?? null), dueAt);
    }),

    claim: db.transaction((limit: number, now: number, open: readonly Lane[]) => {
      const claimed: Claimed[] = [];
      for (const lane of lanes) {
        if (open.includes(lane) && claimed.length < limit) claimed.push(...due.all(lane, now, limit - claimed.length));
      }
      for (const message of claimed) {
        take.run(owner, message.id);
        message.deliveries++;
      }
      return claimed;
    }),

    owned: (ids) => new Set(ours.all(JSON.stringify(ids), owner).map(({ id }) => id)),

    done: (id) => void removeOurs.run(id, owner),

    putBack: db.transaction((id: number, dueAt: number, failed: boolean) => {
      const row = mine.get(id, owner);
      if (row) waitAgain({ ...row, failures: row.failures + (failed ? 1 : 0) }, dueAt);
    }),

    release: db.transaction((ids: readonly number[]) => {
      for (const id of ids) {
        const row = mine.get(id, owner);
        if (row) waitAgain(row, row.due_at);
      }
    }),

    bury: db.transaction((id: number, reason: string, now: number) => {
      const row = mine.get(id, owner);
      if (!row) return;
      removeOlderDead.run(row.lane, row.key);
      die.run(reason, now, id);
    }),

    nextDueAt(now, open) {
      const times = open.map((lane) => next.get(lane, now)?.dueAt ?? Infinity);
      const soonest = Math.min(...times);
      return soonest === Infinity ? null : soonest;
    },
  };
}
