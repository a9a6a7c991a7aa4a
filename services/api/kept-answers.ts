import { type Collection, type Records, RecordsError } from '../../drivers/records/port.ts';

/** An answer as it can be given again. */
export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What became of the request that first came with a key. */
export interface KeyRecord {
  /** A hash of the key, and of whose it is. */
  id: string;
  /** A hash of what the request asked for. */
  fingerprint: string;
  /** The broker instance that carries it out; none once it is answered. */
  runner?: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  answer?: KeptAnswer;
}

export const keys: Collection = { name: 'keys', hot: { createdAt: 'number' }, indexes: [['createdAt']] };

export interface KeptAnswersOptions {
  records: Records<KeyRecord>;
  /** This broker instance. */
  runner: string;
  isAlive(runner: string): boolean;
  /** How long a key is known, in ms. */
  keptMs?: number;
  /** Keys that are known at most: those used first are forgotten first. */
  maxKeys?: number;
  /** A request that takes longer than this, in ms, is taken for lost, though its node lives. */
  patienceMs?: number;
}

/** `mine`: to be carried out by who asks. `other`: the key belongs to another request. */
export type Claim = 'mine' | 'under-way' | 'other' | KeptAnswer;

/** Requests that are carried out once, however often they are sent. */
export interface KeptAnswers {
  claim(id: string, fingerprint: string): Promise<Claim>;
  keep(id: string, answer: KeptAnswer): Promise<void>;
  /** Forgets a key: the next request that has it is the first. */
  release(id: string): Promise<void>;
  /** Forgets what is too old, or too much; answers how many. */
  sweep(): Promise<number>;
}

const hour = 3600 * 1000;

export function keptAnswers({
  records,
  runner,
  isAlive,
  keptMs = 24 * hour,
  maxKeys = 10_000,
  patienceMs = hour,
}: KeptAnswersOptions): KeptAnswers {
  const isLost = ({ runner: by = '', createdAt }: KeyRecord): boolean => !isAlive(by) || Date.now() - createdAt > patienceMs;

  async function claimKnown(record: KeyRecord, fingerprint: string): Promise<Claim> {
    if (record.fingerprint !== fingerprint) return 'other';
    if (record.answer) return record.answer;
    if (!isLost(record)) return 'under-way';
    const lost = { id: record.id, runner: record.runner ?? '', createdAt: record.createdAt };
    const taken = await records.updateMany(lost, { $set: { runner, createdAt: Date.now() } });
    return taken === 1 ? 'mine' : 'under-way';
  }

  return {
    async claim(id, fingerprint) {
      try {
        await records.insert({ id, fingerprint, runner, createdAt: Date.now() });
        return 'mine';
      } catch (error) {
        if (!(error instanceof RecordsError && error.code === 'records.duplicate')) throw error;
      }
      const record = await records.findById(id);
      // Released in this moment: the client that asks again is the first.
      if (!record) return 'under-way';
      if (Date.now() - record.createdAt <= keptMs) return claimKnown(record, fingerprint);
      await records.removeMany({ id, createdAt: record.createdAt });
      return this.claim(id, fingerprint);
    },
    async keep(id, answer) {
      await records.updateMany({ id, runner }, { $set: { answer }, $unset: { runner: true } });
    },
    async release(id) {
      await records.removeMany({ id, runner });
    },
    async sweep() {
      const old = await records.removeMany({ createdAt: { $lt: Date.now() - keptMs } });
      const [first] = await records.find({ sort: ['-createdAt'], offset: maxKeys, limit: 1 });
      return old + (first ? await records.removeMany({ createdAt: { $lte: first.createdAt } }) : 0);
    },
  };
}
