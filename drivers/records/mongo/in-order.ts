import { within } from './within.ts';

/** The records that an operation is about, or null where it may be about any. */
export type About = readonly string[] | null;

export interface InOrder {
  read<T>(about: About, work: () => Promise<T>): Promise<T>;
  write<T>(about: About, work: () => Promise<T>): Promise<T>;
}

/**
 * Operations go out over several connections at once and would overtake each other. So each waits for the writes that this process
 * issued before it and that may concern the same records, but for `patienceMs` at most: an update of very many may take minutes.
 */
export function inOrder(patienceMs: number): InOrder {
  const ones = new Map<string, Promise<unknown>>();
  let many: Promise<unknown> | undefined;

  /** The last write of a record waits for those before it, and so does the last one of many. */
  function earlier(about: About): Promise<unknown>[] {
    const writes = about === null ? [...ones.values()] : about.map((id) => ones.get(id));
    return [...writes, many].filter((write) => write !== undefined);
  }

  async function inTurn<T>(about: About, work: () => Promise<T>): Promise<T> {
    const before = earlier(about);
    if (before.length > 0) await within(patienceMs, Promise.all(before), () => undefined);
    return work();
  }

  function remember(about: About, settled: Promise<unknown>): void {
    if (about === null) many = settled;
    else for (const id of about) ones.set(id, settled);
    void settled.then(() => {
      if (many === settled) many = undefined;
      for (const id of about ?? []) if (ones.get(id) === settled) ones.delete(id);
    });
  }

  return {
    read: inTurn,
    write(about, work) {
      const writing = inTurn(about, work);
      const settled = writing.then(
        () => undefined,
        () => undefined,
      );
      remember(about, settled);
      return writing;
    },
  };
}
