import { inspect } from 'node:util';
import { z } from 'zod';
import { call } from '../../services/contracts/contract.ts';
import { media } from '../../services/contracts/media.ts';
import { pipeline } from '../../services/contracts/pipeline.ts';
import { size } from '../words.ts';
import { replCommand } from './command.ts';
import { table } from './table.ts';

/** A value in one line; vectors and the like in part. */
const short = (value: unknown): string =>
  inspect(value, { breakLength: Infinity, maxArrayLength: 6, maxStringLength: 80, depth: 2 });

export const asset = replCommand({
  command: 'asset <id>',
  description: 'One asset: what it is, what people and enrichers say of it, and its ledger',
  params: z.object({ id: z.string() }),
  async run(broker, { id }) {
    const [one, { items }] = await Promise.all([call(broker, media.get, { id }), call(broker, pipeline.enrichments, { id })]);
    const facts: [string, string | number | undefined][] = [
      ['file', one.filename],
      ['type', `${one.type}, ${one.width}×${one.height}, ${size(one.bytes)}`],
      ['sha256', one.sha256],
      ['state', one.state],
      ['title', one.title],
      ['rating', one.rating],
      ['tags', one.tags.join(', ')],
      ...Object.entries(one.enrichments).flatMap(([name, outputs]) =>
        Object.entries(outputs).map(([output, value]): [string, string] => [`${name}.${output}`, short(value)]),
      ),
    ];
    const ledger = items.map(({ enricher, status, attempts, durationMs, node, stale, error }) => {
      const ms = durationMs === undefined ? null : Math.round(durationMs);
      return [enricher, status, attempts, ms, node, stale ? 'stale' : '', error?.message ?? ''];
    });
    return [...table(['', one.id], facts), '', ...table(['enricher', 'status', 'attempts', 'ms', 'node', '', 'reason'], ledger)];
  },
});
