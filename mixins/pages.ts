import type { Query, Records } from '../drivers/records/port.ts';

export interface PagesOptions {
  /** Which records; all unless told. Not by `id`. */
  query?: Query;
  /** Records read at once. */
  limit: number;
}

/** Records in the order of their ids, a page at a time, none of them empty; those that come meanwhile are among them or not. */
export async function* pagesById<T extends { id: string }>(
  records: Pick<Records<T>, 'find'>,
  { query, limit }: PagesOptions,
): AsyncGenerator<T[]> {
  for (let after = ''; ;) {
    const page = await records.find({ query: { ...query, id: { $gt: after } }, sort: ['id'], limit });
    const last = page.at(-1);
    if (last !== undefined) yield page;
    if (last === undefined || page.length < limit) return;
    after = last.id;
  }
}
