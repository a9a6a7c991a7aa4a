import { ServiceBroker } from 'moleculer';
import { RecordsError, type RecordStore } from '../../drivers/records/port.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import type { EnrichParams } from '../contracts/enricher.ts';
import { asset, row } from './fixtures.ts';
import { ledger as collection, type Ledger, type LedgerRow } from './ledger.ts';
import { pipelineWorker } from './worker.ts';

const manifests = [manifest('a'), manifest('b', { after: ['a'] })];
const going = new AbortController().signal;

let store: RecordStore;
let ledger: Ledger;
let broker: ServiceBroker;
/** What was asked of others, in order. */
let log: string[];
/** Turns that are not over. */
let turns: number;
let bothRan: PromiseWithResolvers<void>;
/** The enricher whose results cannot be shown. */
let refused: string | undefined;

beforeEach(async () => {
  bothRan = Promise.withResolvers();
  refused = undefined;
  [log, turns] = [[], 0];
  store = await openSqliteRecords({ file: ':memory:' });
  ledger = store.collection<LedgerRow>(collection);
  await ledger.insertMany([row('a'), row('b')]);
  broker = new ServiceBroker({ nodeID: 'core', logger: false });
  broker.createService({
    name: 'media',
    actions: {
      subject: () => asset,
      async project({ params: { enricher, state } }: { params: { enricher: string; state: string } }) {
        if (enricher === refused) throw new Error('too large');
        // A result is shown while the next run goes on, and no later one before it.
        if (enricher === 'a') await bothRan.promise;
        log.push(`show ${enricher}, ${state}`);
        return true;
      },
      settle: ({ params: { state } }: { params: { state: string } }) => void log.push(`settle ${state}`),
    },
  });
  for (const { name } of manifests)
    broker.createService({
      name: `enricher.${name}`,
      actions: {
        enrich({ params: { inputs } }: { params: EnrichParams }) {
          log.push(`run ${name} with ${JSON.stringify(inputs)}`);
          if (name === 'b') bothRan.resolve();
          return { outputs: {}, durationMs: 1 };
        },
      },
    });
  await broker.start();
});
afterEach(async () => {
  await broker.stop();
  await store.close();
});

const work = (over: Partial<Ledger> = {}, signal: AbortSignal = going) =>
  pipelineWorker({
    broker,
    ledger: { ...ledger, ...over },
    catalog: {
      manifests: () => manifests,
      get: (name) => manifests.find((one) => one.name === name),
      available: () => true,
      missing: () => undefined,
    },
    placement: {
      turn() {
        turns += 1;
        return { nodeOf: () => 'core', [Symbol.dispose]: () => void (turns -= 1) };
      },
    },
    hosts: () => [{ nodeID: 'core', slots: 1 }],
    isAlive: () => true,
    retryMs: [1],
    logger: broker.logger,
  }).work(asset.id, signal);
const statuses = async () => (await ledger.find({ sort: ['enricher'] })).map(({ status, attempts }) => `${status} ${attempts}`);

it('runs what is due in its order, each with what it reads, and shows every result with the state that is true by then', async () => {
  expect(await work()).toBe('done');
  expect(log.filter((line) => line.startsWith('run'))).toEqual(['run a with {}', 'run b with {"a":{}}']);
  expect(log.filter((line) => !line.startsWith('run'))).toEqual(['show a, processing', 'show b, ready']);
  expect(await ledger.count({ query: { status: 'done', projected: true } })).toBe(2);
  expect(turns).toBe(0);
});

it('runs again what has read other outputs of one that is run again', async () => {
  await work();
  await ledger.updateMany({ enricher: 'a' }, { $set: { status: 'pending' } });
  log = [];
  // The earlier run of b began in the same millisecond or before.
  await ledger.updateMany({ enricher: 'b' }, { $inc: { startedAt: -1 } });
  expect(await work()).toBe('done');
  expect(log).toEqual(expect.arrayContaining(['run a with {}', 'run b with {"a":{}}', 'show b, ready']));
});

it('leaves to another what that one has claimed first, and comes again', async () => {
  bothRan.resolve();
  const stolen: Partial<Ledger> = {
    async updateEach(updates) {
      if (updates.length === 2) await ledger.updateMany({ enricher: 'b' }, { $set: { status: 'running', claim: 'theirs' } });
      return ledger.updateEach(updates);
    },
  };
  await ledger.updateMany({ enricher: 'b' }, { $set: { runner: 'other/1', leaseUntil: Date.now() + 60_000 } });
  expect(await work(stolen)).toEqual({ againInMs: expect.any(Number) });
  expect(log.filter((line) => line.startsWith('run'))).toEqual(['run a with {}']);
  expect(await statuses()).toEqual(['done 1', 'running 0']);
  expect(turns).toBe(0);
});

it('shows what was done before a crash came in between, before it says that the asset is ready', async () => {
  bothRan.resolve();
  await ledger.updateMany({}, { $set: { status: 'done', finishedAt: 1, outputs: {} } });
  await ledger.updateMany({ enricher: 'b' }, { $set: { projected: false } });
  expect(await work()).toBe('done');
  expect(log).toEqual(['show b, ready']);
  expect(await ledger.count({ query: { projected: true } })).toBe(2);
});

it('shows what another has done meanwhile and not shown, before it says that the asset is ready', async () => {
  bothRan.resolve();
  await ledger.updateMany({}, { $set: { status: 'done', finishedAt: 1, outputs: {} } });
  let looks = 0;
  const theirs: Partial<Ledger> = {
    async find(query) {
      const rows = await ledger.find(query);
      if ((looks += 1) === 1) await ledger.updateMany({ enricher: 'b' }, { $set: { finishedAt: 2, projected: false } });
      return rows;
    },
  };
  expect(await work(theirs)).toBe('done');
  expect(log).toEqual(['settle ready', 'show b, ready']);
  expect(await ledger.count({ query: { projected: true } })).toBe(2);
});

it('goes on where what is left of others cannot be shown', async () => {
  bothRan.resolve();
  await ledger.updateMany({ enricher: 'a' }, { $set: { status: 'done', finishedAt: 1, outputs: {}, projected: false } });
  refused = 'a';
  expect(await work()).toBe('done');
  expect(log).toEqual(['run b with {"a":{}}', 'show b, ready']);
  expect(await statuses()).toEqual(['done 0', 'done 1']);
  expect(await ledger.count({ query: { projected: false } })).toBe(1);
});

it('keeps no place for an asset of which a claim was not answered', async () => {
  const away = new RecordsError('records.unavailable', 'away');
  await expect(work({ updateEach: () => Promise.reject(away) })).rejects.toBe(away);
  expect(turns).toBe(0);
  expect(log).toEqual([]);
});

it('ends between two runs where it is told to, and comes again for the rest', async () => {
  bothRan.resolve();
  const stopping = new AbortController();
  const stop: Partial<Ledger> = {
    updateEach(updates) {
      stopping.abort();
      return ledger.updateEach(updates);
    },
  };
  expect(await work(stop, stopping.signal)).toEqual({ againInMs: 0 });
  expect(await statuses()).toEqual(['done 1', 'pending 0']);
  expect(turns).toBe(0);
});
