import { changing } from './records/changing.ts';
import { closing } from './records/closing.ts';
import { finding } from './records/finding.ts';
import { inserting } from './records/inserting.ts';
import { keeping } from './records/keeping.ts';
import { querying } from './records/querying.ts';
import { updating } from './records/updating.ts';
import type { OpenRecords, RecordsCase } from './records/case.ts';

/** What every store of records promises, as data: test/conformance/records-broken.test.ts runs it against stores that must fail. */
export const recordsCases: RecordsCase[] = [
  ...keeping,
  ...inserting,
  ...querying,
  ...finding,
  ...updating,
  ...changing,
  ...closing,
];

/** `open` gives a store with nothing in it. */
export function recordsConformance(name: string, open: OpenRecords): void {
  describe(`records port: ${name}`, () => {
    for (const { title, run } of recordsCases) it(title, () => run(open));
  });
}
