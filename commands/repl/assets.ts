import { z } from 'zod';
import { call } from '../../services/contracts/contract.ts';
import { search } from '../../services/contracts/search.ts';
import { size } from '../words.ts';
import { replCommand } from './command.ts';
import { parametersOf } from './found.ts';
import { table } from './table.ts';

export const assets = replCommand({
  command: 'assets [filter]',
  description: 'Assets, newest first, or those that a filter finds: words, or tags=red&type=image/* as in GET /api/search',
  options: [{ option: '--limit <n>', description: 'How many to show, 1 to 200 (default 20)' }],
  params: z.object({
    filter: z.string().default(''),
    options: z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) }),
  }),
  async run(broker, { filter, options }) {
    const parameters = { sort: 'newest', ...parametersOf(filter), facets: 'none', limit: String(options.limit) };
    const { items, total } = await call(broker, search.query, parameters);
    const rows = items.map(({ id, filename, type, bytes, width, height, state, tags }) => {
      return [id, filename, type, `${width}×${height}`, size(bytes), state, tags.slice(0, 3).join(', ')];
    });
    const heads = ['id', 'file', 'type', 'pixels', 'size', 'state', 'tags'];
    return [...(items.length > 0 ? table(heads, rows) : []), `${items.length} of ${total} assets`];
  },
});
