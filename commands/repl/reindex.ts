import { z } from 'zod';
import { call } from '../../services/contracts/contract.ts';
import { search } from '../../services/contracts/search.ts';
import { replCommand } from './command.ts';

export const reindex = replCommand({
  command: 'reindex',
  description: 'Make the index anew from the records, while the one there goes on answering',
  params: z.unknown(),
  async run(broker) {
    const { started } = await call(broker, search.rebuild, {});
    return [started ? 'The index is made anew; the log says when it is done.' : 'The index is being made anew already.'];
  },
});
