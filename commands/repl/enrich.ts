import { z } from 'zod';
import { Id } from '../../services/contracts/asset.ts';
import { call } from '../../services/contracts/contract.ts';
import { pipeline } from '../../services/contracts/pipeline.ts';
import { Refusal } from '../command.ts';
import { replCommand } from './command.ts';
import { found } from './found.ts';

export const enrich = replCommand({
  command: 'enrich <filter>',
  description: 'Run enrichers again on one asset (its id) or on all that a filter finds',
  options: [{ option: '--enricher <name>', description: 'This one alone' }],
  params: z.object({ filter: z.string().min(1), options: z.object({ enricher: z.string().optional() }) }),
  async run(broker, { filter, options: { enricher } }) {
    const { items } = await call(broker, pipeline.enrichers, {});
    if (enricher !== undefined && !items.some(({ name }) => name === enricher))
      throw new Refusal(`There is no enricher '${enricher}': see enrichers.`);
    const ids: string[] = [];
    if (Id.safeParse(filter).success) ids.push(filter);
    else for await (const page of found(broker, filter)) ids.push(...page.map(({ id }) => id));
    let replayed = 0;
    for (const id of ids) {
      const rows = (await call(broker, pipeline.enrichments, { id })).items;
      for (const row of rows.filter((one) => enricher === undefined || one.enricher === enricher))
        replayed += (await call(broker, pipeline.replay, { id, name: row.enricher })).replayed;
    }
    return [`${replayed} enrichments of ${ids.length} assets run again`];
  },
});
