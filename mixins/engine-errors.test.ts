import { randomUUID } from 'node:crypto';
import { Errors, ServiceBroker } from 'moleculer';
import { BlobError } from '../drivers/blobs/port.ts';
import { RecordsError } from '../drivers/records/port.ts';
import { SearchError } from '../drivers/search/port.ts';
import { isVitrailError, VitrailError } from '../services/contracts/errors.ts';
import { engineAway, engineErrors, isAway, levelOf } from './engine-errors.ts';

const brokers: ServiceBroker[] = [];
afterEach(() => Promise.all(brokers.splice(0).map((broker) => broker.stop())));

const where = 'connect ECONNREFUSED 10.0.0.7:27017';
const thrown: Record<string, Error> = {
  blobs: new BlobError('blob.unavailable', where),
  records: new RecordsError('records.unavailable', where),
  search: new SearchError('search.unavailable', where),
  queue: Object.assign(new Error(where), { code: 'channel.full' }),
  missing: new BlobError('blob.missing', 'not there'),
  refused: new VitrailError('asset.not-found', 'There is none.', { id: 'a' }),
  bug: new TypeError('undefined is no function'),
};

/** Two nodes of a mesh: one throws, the other is told. */
async function asked(): Promise<(action: string) => Promise<Error>> {
  const namespace = randomUUID();
  const [there, here] = ['there', 'here'].map(
    (name) =>
      new ServiceBroker({
        nodeID: `${name}-${namespace}`,
        namespace,
        transporter: 'Fake',
        serializer: 'CBOR',
        logger: false,
        middlewares: [engineErrors],
      }),
  ) as [ServiceBroker, ServiceBroker];
  brokers.push(there, here);
  const actions = Object.fromEntries(Object.entries(thrown).map(([name, error]) => [name, () => Promise.reject(error)]));
  there.createService({ name: 'throws', actions });
  await Promise.all([there.start(), here.start()]);
  await here.waitForServices('throws');
  return (action) =>
    here.call(`throws.${action}`).then(
      () => new Error('it went well'),
      (error: unknown) => error as Error,
    );
}

it('what is away on another node is told across the mesh in the words of the table, without where it is', async () => {
  const ask = await asked();
  for (const action of ['blobs', 'records', 'search', 'queue']) {
    const error = await ask(action);
    expect(error).toMatchObject({ type: 'engine.away', code: 503 });
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('10.0.0.7');
    expect([isAway(error), isVitrailError(error, 'engine.away')]).toEqual([true, true]);
  }
});

it('anything else crosses it as it is, and is not away', async () => {
  const ask = await asked();
  const refused = await ask('refused');
  expect(refused).toMatchObject({ type: 'asset.not-found', code: 404, message: 'There is none.', data: { id: 'a' } });
  for (const error of [refused, await ask('missing'), await ask('bug')]) expect(isAway(error)).toBe(false);
});

it('a node or an action that is away is, be it so here or told by another', () => {
  const action = 'media.get';
  for (const error of [
    new Errors.ServiceNotFoundError({ action }),
    new Errors.ServiceNotAvailableError({ action }),
    new Errors.RequestTimeoutError({ action, nodeID: 'n' }),
    new Errors.RequestRejectedError({ action, nodeID: 'n' }),
    new Errors.BrokerDisconnectedError('gone'),
    Object.assign(new Error('Request is timed out'), { name: 'RequestTimeoutError' }),
    thrown['blobs'],
  ])
    expect(isAway(error)).toBe(true);
  expect(isAway(new Errors.QueueIsFullError({ action, nodeID: 'n', service: 's', size: 1, limit: 1 }))).toBe(false);
  expect(isAway('gone')).toBe(false);
});

it('keeps what happened for the log of its own node alone', () => {
  expect(engineAway(thrown['records'])).toMatchObject({ cause: thrown['records'] });
  for (const error of [thrown['bug'], thrown['missing'], 'text', Object.assign(new Error('x'), { code: 'toString' })])
    expect(engineAway(error)).toBe(error);
});

it('what is away is said quietly where it comes again by itself, and a fault is not', () => {
  expect(levelOf(new RecordsError('records.unavailable', where))).toBe('debug');
  expect([levelOf(new TypeError('a bug')), levelOf(new TypeError('a bug'), 'error')]).toEqual(['warn', 'error']);
});
