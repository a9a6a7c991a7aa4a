import type { Kind } from './kinds.ts';

/** An environment variable: how it is read, what holds without it, and what the manual says of it. */
export interface Variable<T = unknown> {
  readonly name: `VITRAIL_${string}`;
  /** The heading it stands under in docs/configuration.md. */
  readonly section: 'Server' | 'Storage' | 'Mesh' | 'Limits' | 'Work' | 'Media' | 'Log';
  readonly kind: Kind<T>;
  /** As one would write it. */
  readonly default: string;
  /** What the manual says where the default depends on the machine. */
  readonly defaultDoc?: string;
  readonly unit?: 'bytes' | 'pixels' | 'seconds' | 'milliseconds';
  /** Never shown: neither in messages nor in logs. */
  readonly secret?: true;
  readonly doc: string;
}

export const variable = <T>(declared: Variable<T>): Variable<T> => Object.freeze(declared);
