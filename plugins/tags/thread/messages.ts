import type { Choice } from '../engines/choices.ts';
import type { Seen, Squares } from './networks.ts';

/** What the thread is started with. */
export interface Start {
  engine: Choice;
  /** Folder for converted networks. */
  cache: string;
}

export interface Ask {
  id: number;
  squares: Squares;
}

export type Answer = { ready: true } | { id: number; seen: Seen } | { id: number; problem: string };
