import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { ownDatabases } from '../../../test/fixtures/own-databases.ts';
import { withServers } from '../../../test/fixtures/servers.ts';
import type { Collection, RecordStore } from '../port.ts';
import { databaseOf } from './client.ts';
import { openMongoRecords } from './open.ts';

const assets: Collection = { name: 'assets', hot: { state: 'text', sha256: 'text' }, unique: ['sha256'] };
const unavailable = expect.objectContaining({ code: 'records.unavailable' }) as Error;

const failureOf = (opening: Promise<RecordStore>): Promise<unknown> =>
  opening.then(
    () => Promise.reject(new Error('it opened')),
    (error: unknown) => error,
  );

describe('the address of records', () => {
  it.each([
    ['mongodb://localhost', 'vitrail'],
    ['mongodb://localhost:27017/', 'vitrail'],
    ['mongodb://localhost/?w=1', 'vitrail'],
    ['mongodb://a:b%2Fc@one:1,two:2/pictures?replicaSet=x/y', 'pictures'],
    ['mongodb+srv://cluster.example/my%20pictures', 'my pictures'],
  ])('%s names the database %s', (url, name) => {
    expect(databaseOf(url)).toBe(name);
  });

  it.each([
    'mongodb://u:hunter2@',
    'http://u:hunter2@localhost',
    'mongodb://u:hunter2@a b',
    'u:hunter2',
    'mongodb://u:hunter2@h/?x=y',
  ])('that the client does not take, %s, is refused without the secret in it', async (url) => {
    const error = await failureOf(openMongoRecords({ url }));
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('hunter2');
  });
});

describe('a server that accepts and never answers', () => {
  let server: Server;
  const sockets = new Set<Socket>();
  beforeEach(async () => {
    server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is unavailable, by its host and without secrets', async () => {
    const { port } = server.address() as AddressInfo;
    const url = `mongodb://someone:hunter2@127.0.0.1:${port}/x?authSource=admin`;
    const error = await failureOf(openMongoRecords({ url, timeoutMs: 1_000 }));
    expect(error).toEqual(unavailable);
    expect(String(error)).toContain(`127.0.0.1:${port}`);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('hunter2');
  });
});

withServers(['mongo'], ({ VITRAIL_MONGO_URL }) => {
  const ownDatabase = ownDatabases(VITRAIL_MONGO_URL);

  describe('a store of records in MongoDB', () => {
    it('has its records when it is opened again', async () => {
      const url = ownDatabase();
      const first = await openMongoRecords({ url });
      await first.collection(assets).insert({ id: 'a' });
      await first.close();
      const again = await openMongoRecords({ url });
      expect(await again.collection(assets).findById('a')).toEqual({ id: 'a' });
      await again.close();
    });

    it('gives one adapter to all who declare a collection alike, and refuses another declaration', async () => {
      const store = await openMongoRecords({ url: ownDatabase() });
      const records = store.collection(assets);
      expect(store.collection({ ...assets })).toBe(records);
      expect(() => store.collection({ ...assets, hot: {}, unique: [] })).toThrow('assets');
      expect(() => store.collection({ name: 'system.users', hot: {} })).toThrow('system.users');
      await store.close();
      await store.close();
      expect(() => store.collection(assets)).toThrow(expect.objectContaining({ code: 'records.closed' }));
      await expect(store.ping()).rejects.toMatchObject({ code: 'records.closed' });
    });

    it('is one for several processes: unique is unique over all of them', async () => {
      const url = ownDatabase();
      const stores = await Promise.all(Array.from({ length: 5 }, () => openMongoRecords({ url })));
      const inserts = stores.flatMap((store, s) =>
        [1, 2, 3].map((n) =>
          store.collection<{ id: string; sha256: string }>(assets).insert({ id: `${s}-${n}`, sha256: 'same' }),
        ),
      );
      const results = await Promise.allSettled(inserts);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await Promise.all(stores.map((store) => store.close()));
    });

    it('refuses a record with a field that is its own', async () => {
      const store = await openMongoRecords({ url: ownDatabase() });
      const records = store.collection(assets);
      for (const own of ['_id', '_batch'])
        await expect(records.insert({ id: 'a', [own]: 'x' })).rejects.toMatchObject({ code: 'records.query-invalid' });
      expect(await records.count()).toBe(0);
      await store.close();
    });
  });
});
