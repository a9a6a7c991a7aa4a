import type { SearchErrorCode, SearchIndex } from '../port.ts';

/** What the thread is asked for. The embedded index needs no rebuild beside itself: its file may be deleted. */
export type Method = Exclude<keyof SearchIndex, 'rebuild'>;

/** What goes to the search thread, and what comes back. */
export interface Request {
  id: number;
  method: Method;
  params: readonly unknown[];
}

export interface Answer {
  id: number;
  value?: unknown;
  error?: { message: string; code?: SearchErrorCode };
}
