import type { SearchIndex } from '../port.ts';
import { Thread } from './thread.ts';

/** Documents handed to the thread at once: copying them takes a few milliseconds of the caller's event loop at most. */
const slice = 64;

async function inSlices<T>(items: readonly T[], hand: (slice: readonly T[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += slice) await hand(items.slice(from, from + slice));
}

/**
 * The embedded search index: SQLite's full-text table for words, typed arrays in memory for filters, facets, sorts and colours, in
 * a thread of its own. One process per file. Answers from the first millisecond; the first search waits until the columns are
 * loaded, and so does the first one after a rest.
 * @param restMs after this long without a question the index gives its memory back; 0: never
 * @throws when the file cannot be opened as an index
 */
export async function openSqliteSearch({ file, restMs = 0 }: { file: string; restMs?: number }): Promise<SearchIndex> {
  const thread = new Thread(file, restMs);
  await thread.ask('mark').catch((error: unknown) => {
    const { cause = error } = error as Error;
    throw new Error(
      `${(cause as Error).message}: ${file} cannot be opened. If it is damaged, delete it: the index is made anew`,
      { cause },
    );
  });
  let closing: Promise<void> | null = null;

  const ask: Thread['ask'] = (method, ...params) =>
    closing ? Promise.reject(new Error(`the search index ${file} is closed`)) : thread.ask(method, ...params);

  return {
    configure: (fields) => ask('configure', fields),
    put: (docs) => inSlices(docs, (some) => ask('put', some)),
    remove: (docs) => inSlices(docs, (some) => ask('remove', some)),
    find: (query) => ask('find', query),
    nearest: (query) => ask('nearest', query),
    groups: (query) => ask('groups', query),
    count: () => ask('count'),
    mark: () => ask('mark'),
    setMark: (mark) => ask('setMark', mark),
    close: () => (closing ??= thread.close()),
  };
}
