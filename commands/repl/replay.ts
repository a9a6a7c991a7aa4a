import { z } from 'zod';
import { call } from '../../services/contracts/contract.ts';
import { FailureClass } from '../../services/contracts/enrichment.ts';
import { pipeline } from '../../services/contracts/pipeline.ts';
import { replCommand } from './command.ts';

export const replay = replCommand({
  command: 'replay',
  description: 'Run what is quarantined again, or with --stale what is stale',
  options: [
    { option: '--enricher <name>', description: 'Of this one' },
    { option: '--class <class>', description: FailureClass.options.join(', ') },
    { option: '--stale', description: 'Results that today’s enricher would not give' },
  ],
  params: z.object({
    options: z.object({
      enricher: z.string().optional(),
      class: FailureClass.optional(),
      stale: z.boolean().default(false),
    }),
  }),
  async run(broker, { options }) {
    const { replayed } = await call(broker, pipeline.replayMany, options, { timeout: 0 });
    return [`${replayed} enrichments run again`];
  },
});
