import { z } from 'zod';
import { call } from '../../services/contracts/contract.ts';
import { FailureClass } from '../../services/contracts/enrichment.ts';
import { pipeline } from '../../services/contracts/pipeline.ts';
import { replCommand } from './command.ts';
import { table } from './table.ts';

export const quarantine = replCommand({
  command: 'quarantine',
  description: 'What failed for good, latest first, with its reason',
  options: [
    { option: '--enricher <name>', description: 'Of this one' },
    { option: '--class <class>', description: FailureClass.options.join(', ') },
  ],
  params: z.object({ options: z.object({ enricher: z.string().optional(), class: FailureClass.optional() }) }),
  async run(broker, { options }) {
    const { items, total } = await call(broker, pipeline.quarantine, { ...options, limit: 50 });
    const rows = items.map(({ assetId, enricher, attempts, error }) => {
      return [assetId, enricher, error?.class, attempts, error?.at, error?.message];
    });
    const heads = ['asset', 'enricher', 'class', 'attempts', 'at', 'reason'];
    return [...(items.length > 0 ? table(heads, rows) : []), `${items.length} of ${total} in quarantine`];
  },
});
