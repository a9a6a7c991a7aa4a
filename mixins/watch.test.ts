import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { ServiceBroker } from 'moleculer';
import { loadConfig } from '../config/index.ts';
import { type Ports, ports } from '../config/ports.ts';
import { until } from '../test/fixtures/until.ts';
import { meshLink } from './mesh-link.ts';
import { readyWhen } from './readiness.ts';
import { watch } from './watch.ts';

const brokers: ServiceBroker[] = [];
afterEach(async () => {
  await Promise.all(brokers.splice(0).map((broker) => broker.stop()));
});

const well = async () => null;
/** What a node says that looks all the time, and a switch for its database. */
async function started(transporter: 'Fake' | null) {
  const said: string[] = [];
  let isAway = false;
  const opened = {
    names: ['records'],
    records: { ping: () => (isAway ? Promise.reject(new Error('secret')) : well()) },
    [Symbol.asyncDispose]: async () => undefined,
  } as unknown as Ports;
  const broker = new ServiceBroker({
    nodeID: randomUUID(),
    namespace: randomUUID(),
    transporter,
    logger: false,
    middlewares: [ports(loadConfig({}), () => Promise.resolve(opened)), meshLink, watch({ restMs: 1, awayMs: 1 })],
  });
  brokers.push(broker);
  jest.spyOn(broker.logger, 'warn').mockImplementation((line: unknown) => void said.push(String(line)));
  await broker.start();
  return { broker, said, records: (away: boolean) => (isAway = away) };
}

describe('the watch', () => {
  it('says again and again what a node lacks, not why, and once that it is there', async () => {
    const { said, records } = await started('Fake');
    records(true);
    await until('it is said three times', () => said.length >= 3);
    records(false);
    await until('it is said that nothing is missing', () => said.at(-1)!.startsWith('No longer'));
    const last = said.pop();
    expect(new Set(said)).toEqual(new Set(['Waiting for records (MongoDB): fails']));
    expect(last).toBe('No longer waiting for records (MongoDB), after 0 s');
  });

  it('says all there is in a line, and of each when it is there', async () => {
    const { broker, said, records } = await started('Fake');
    const met = readyWhen(broker, () => ['search: no node hosts it']);
    records(true);
    await until('both are said in a line', () => said.includes('Waiting for search: no node hosts it; records (MongoDB): fails'));
    met();
    await until('it is said that search is there', () => said.includes('No longer waiting for search, after 0 s'));
    await until('only the records are said to be missing', () => said.at(-1) === 'Waiting for records (MongoDB): fails');
  });

  it('does not look at a process that is alone, nor at a node that has stopped', async () => {
    const [alone, stopped, node] = [await started(null), await started('Fake'), await started('Fake')];
    await stopped.broker.stop();
    for (const { records } of [alone, stopped, node]) records(true);
    await until('the node says it three times', () => node.said.length >= 3);
    expect([alone.said, stopped.said]).toEqual([[], []]);
  });
});
