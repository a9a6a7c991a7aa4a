import { setImmediate as turn } from 'node:timers/promises';
import { ServiceBroker } from 'moleculer';
import { manifest } from '../../test/fixtures/manifest.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { row } from './fixtures.ts';
import { ledger as collection, type LedgerRow } from './ledger.ts';
import { results } from './show.ts';

it('shows a result only after those before it, and answers the state that came with the last', async () => {
  const store = await openSqliteRecords({ file: ':memory:' });
  const broker = new ServiceBroker({ logger: false });
  try {
    const ledger = store.collection<LedgerRow>(collection);
    const [a, b] = await Promise.all(['a', 'b'].map((name) => ledger.insert({ ...row(name), status: 'done', finishedAt: 1 })));
    const asked: string[] = [];
    const seen = Promise.withResolvers<void>();
    broker.createService({
      name: 'media',
      actions: {
        async project({ params: { enricher } }: { params: { enricher: string } }) {
          asked.push(enricher);
          if (enricher === 'a') await seen.promise;
          return true;
        },
      },
    });
    await broker.start();

    const shown = results({ broker, ledger, catalog: { get: () => manifest('any') } }, { session: 'tab' });
    shown.add(a!, [a!, row('b')]);
    shown.add(b!, [a!, b!]);
    for (let k = 0; k < 20; k += 1) await turn();
    expect(asked).toEqual(['a']);
    seen.resolve();
    expect(await shown.shown()).toBe('ready');
    expect(asked).toEqual(['a', 'b']);
    expect(await ledger.count({ query: { projected: true } })).toBe(2);
  } finally {
    await broker.stop();
    await store.close();
  }
});
