import { ServiceBroker } from 'moleculer';
import { until } from '../test/fixtures/enricher-pool.ts';
import { upkeep } from './upkeep.ts';

const { logger } = new ServiceBroker({ logger: false });
const hour = 3_600_000;

it('a round that fails comes again by itself, long before the clock says so', async () => {
  let rounds = 0;
  const work = upkeep({
    logger,
    everyMs: hour,
    retryMs: 1,
    round: () => (++rounds < 4 ? Promise.reject(new Error('a server is away')) : Promise.resolve({})),
  });
  await work.begin();
  await until(() => rounds === 4);
  await work.end();
  expect(rounds).toBe(4);
});

it('does not come again once it has ended', async () => {
  let rounds = 0;
  const work = upkeep({
    logger,
    everyMs: hour,
    retryMs: 1,
    round() {
      rounds += 1;
      return Promise.reject(new Error('a server is away'));
    },
  });
  await work.begin();
  await work.end();
  await work.soon();
  expect(rounds).toBe(1);
});
