import type { SearchErrorCode, SearchIndex } from '../port.ts';

/** What goes to the search thread, and what comes back. */
export interface Request {
  id: number;
  method: keyof SearchIndex;
  params: readonly unknown[];
}

export interface Answer {
  id: number;
  value?: unknown;
  error?: { message: string; code?: SearchErrorCode };
}
