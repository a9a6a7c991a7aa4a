import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { lanes } from '../port.ts';

const version = 1;

/**
 * A message waits, is in work or is dead; one row per (lane, key, state). So one message can be in work while another of its key
 * waits, two of a key are never in work at once, and a key that dies again replaces its older dead letter.
 */
const tables = `
  CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    lane TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'working', 'dead')),
    body TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    deliveries INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    reason TEXT,
    died_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX messages_once ON messages (lane, key, state);
  CREATE INDEX messages_waiting ON messages (lane, due_at) WHERE state = 'waiting';
  CREATE INDEX messages_working ON messages (lane, owner) WHERE state = 'working';
  CREATE INDEX messages_dead ON messages (died_at) WHERE state = 'dead';

  -- Counted as they change: counting a million at once would hold the event loop for 40 ms.
  CREATE TABLE totals (lane TEXT NOT NULL, state TEXT NOT NULL, messages INTEGER NOT NULL, PRIMARY KEY (lane, state)) STRICT, WITHOUT ROWID;
  INSERT INTO totals SELECT lanes.value, states.value, 0
    FROM json_each('${JSON.stringify(lanes)}') AS lanes, json_each('["waiting", "working", "dead"]') AS states;
  CREATE TRIGGER messages_come AFTER INSERT ON messages BEGIN
    UPDATE totals SET messages = messages + 1 WHERE lane = NEW.lane AND state = NEW.state;
  END;
  CREATE TRIGGER messages_go AFTER DELETE ON messages BEGIN
    UPDATE totals SET messages = messages - 1 WHERE lane = OLD.lane AND state = OLD.state;
  END;
  CREATE TRIGGER messages_change AFTER UPDATE OF state ON messages BEGIN
    UPDATE totals SET messages = messages - 1 WHERE lane = OLD.lane AND state = OLD.state;
    UPDATE totals SET messages = messages + 1 WHERE lane = NEW.lane AND state = NEW.state;
  END;
`;

/** Opens the file, and makes it and its folder where they are missing. */
export function openDatabase(file: string): Database.Database {
  mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file, { timeout: 1000 });
  try {
    db.pragma('journal_mode = WAL');
    // Survives the process at every commit, a power cut up to the last checkpoint: what is lost then, the ledger publishes again.
    db.pragma('synchronous = NORMAL');
    // Checkpoints happen on the event loop: many short ones.
    db.pragma('wal_autocheckpoint = 250');
    migrate(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function migrate(db: Database.Database, file: string): void {
  const found = Number(db.pragma('user_version', { simple: true }));
  if (found > version) {
    throw new Error(
      `${file} was written by a newer Vitrail (schema ${found}, this one knows ${version}): start that one, or move the file away`,
    );
  }
  if (found === version) return;
  db.transaction(() => {
    db.exec(tables);
    db.pragma(`user_version = ${version}`);
  })();
}
