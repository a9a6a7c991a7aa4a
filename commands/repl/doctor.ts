import { z } from 'zod';
import { call } from '../../services/contracts/contract.ts';
import type { Disorder } from '../../services/contracts/examination.ts';
import { ingest } from '../../services/contracts/ingest.ts';
import { media } from '../../services/contracts/media.ts';
import { pipeline } from '../../services/contracts/pipeline.ts';
import { search } from '../../services/contracts/search.ts';
import { replCommand } from './command.ts';
import { table } from './table.ts';

/** In this order: what an earlier one mends, a later one does not find. */
const examinations = [
  { what: 'assets, for their files', action: media.examine },
  { what: 'rows of the ledger', action: pipeline.examine },
  { what: 'blobs', action: ingest.examine },
  { what: 'assets, for their documents in the index', action: search.examine },
] as const;

const meaning: Record<Disorder, string> = {
  'original-missing': 'assets without their original: put it back (restore), or delete the asset',
  'derived-missing': 'derived files that are gone: --fix has their enricher make them again',
  'blob-unclaimed': 'bytes that no asset names, older than an hour: --fix removes them',
  'row-orphaned': 'rows of the ledger whose asset is gone: --fix removes them',
  'result-unledgered': 'results without a row of the ledger: --fix enters it, where the enricher is in force',
  'index-missing': 'assets that searches do not find: --fix makes the index anew',
  'index-strange': 'documents of assets that are gone: --fix removes them',
};

export const doctor = replCommand({
  command: 'doctor',
  description: 'Hold bytes, records, ledger and index against each other; --fix mends what can be',
  options: [{ option: '--fix', description: 'Mend what was found' }],
  params: z.object({ options: z.object({ fix: z.boolean().default(false) }) }),
  async run(broker, { options: { fix } }) {
    const lines: string[] = [];
    const rows: (string | number)[][] = [];
    const examples: string[] = [];
    for (const { what, action } of examinations) {
      const { seen, findings } = await call(broker, action, { fix }, { timeout: 0 });
      lines.push(`Looked at ${seen} ${what}.`);
      for (const { disorder, count, mended, examples: some } of findings) {
        rows.push([disorder, count, mended, meaning[disorder]]);
        examples.push(...some.map((example) => `  ${disorder}  ${example}`));
      }
    }
    if (rows.length === 0) return [...lines, 'All is well.'];
    return [...lines, ...table(['disorder', 'found', 'mended', 'what it is'], rows), ...examples];
  },
});
