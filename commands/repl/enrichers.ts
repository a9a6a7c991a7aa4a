import { z } from 'zod';
import { call } from '../../services/contracts/contract.ts';
import { pipeline } from '../../services/contracts/pipeline.ts';
import { replCommand } from './command.ts';
import { table } from './table.ts';

export const enrichers = replCommand({
  command: 'enrichers',
  description: 'The enrichers, whether a node runs them, and where their enrichments stand',
  params: z.unknown(),
  async run(broker) {
    const { items } = await call(broker, pipeline.enrichers, {});
    const rows = items.map(({ name, version, available, missing, enrichments }) => {
      const { pending = 0, running = 0, done = 0, quarantined = 0, unavailable = 0 } = enrichments;
      return [name, version, available ? 'yes' : (missing ?? 'no'), done, pending + running, quarantined, unavailable];
    });
    return table(['enricher', 'version', 'runs', 'done', 'due', 'quarantined', 'unavailable'], rows);
  },
});
