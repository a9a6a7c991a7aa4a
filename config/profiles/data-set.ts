import type { Ports } from '../ports.ts';

/** Whether data are only read, or written too. */
export type Side = 'from' | 'to';

/** All that a profile keeps and that cannot be made again from other parts of it. */
export interface DataSet extends Pick<Ports, 'blobs' | 'records'>, AsyncDisposable {
  /** As people are told of it. */
  readonly where: string;
  /** Takes everything out of the search index of a set that is written to: the next node feeds it anew from the records. */
  emptyIndex(): Promise<void>;
}
