import { RecordsError, type FindOptions } from './port.ts';

export interface Page {
  /** With `id` at its end, unless nothing is sorted. */
  order: readonly { path: string; descending: boolean }[];
  /** 0 is no limit, as in MongoDB and moleculer-db. */
  limit: number;
  offset: number;
}

/** A count of records; moleculer-db says null where it means none. */
function whole(value: unknown, name: string): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new RecordsError('records.query-invalid', `${name} takes a whole number from 0`);
}

/** Which of the records that fit are wanted, and in which order. Paths are not looked at. */
export function parsePage({ sort = [], limit, offset }: FindOptions): Page {
  const order = sort.map((name) =>
    name.startsWith('-') ? { path: name.slice(1), descending: true } : { path: name, descending: false },
  );
  if (order.length > 0 && !order.some(({ path }) => path === 'id')) order.push({ path: 'id', descending: false });
  return { order, limit: whole(limit, 'limit'), offset: whole(offset, 'offset') };
}
