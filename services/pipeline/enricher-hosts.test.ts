import { manifest } from '../../test/fixtures/manifest.ts';
import { enricherHosts } from './enricher-hosts.ts';

const run = { concurrency: 2, queue: 64, timeoutMs: 1000, attempts: 4 };
const rows = (enricher: string, node: string, many: number) => Array.from({ length: many }, () => ({ enricher, node }));

it('how busy an enricher is on each node follows from the runs under way: its bulkhead lets so many in, others wait', () => {
  const underWay = [...rows('a', 'one', 5), ...rows('a', 'two', 1), ...rows('b', 'one', 9), ...rows('a', 'gone', 3)];
  const breakers = {
    of: (action: string, node: string) =>
      action === 'enricher.a.enrich' && node === 'two' ? ('open' as const) : ('closed' as const),
  };
  expect(enricherHosts(manifest('a', { run }), ['one', 'two', 'three'], underWay, breakers)).toEqual([
    { node: 'one', running: 2, waiting: 3, breaker: 'closed' },
    { node: 'two', running: 1, waiting: 0, breaker: 'open' },
    { node: 'three', running: 0, waiting: 0, breaker: 'closed' },
  ]);
});
