import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { keysOf, pattern } from '../../test/conformance/blobs/case.ts';
import { optionsOf } from '../../test/fixtures/own-bucket.ts';
import { withOwnServers } from '../../test/fixtures/own-servers.ts';
import type { BlobStore } from './port.ts';
import { openS3Blobs } from './s3.ts';

const MiB = 1024 * 1024;
const unavailable = { name: 'BlobError', code: 'blob.unavailable' };

withOwnServers(['minio'], (own) => {
  const open = (patienceMs?: number): Promise<BlobStore> =>
    openS3Blobs({
      ...optionsOf(own().env, 'away'),
      patienceMs,
    });
  let patient: BlobStore;
  let hasty: BlobStore;
  beforeAll(async () => {
    patient = await open(45_000); // a busy machine takes its time to start a server
    // Waited for in full by whoever meets a broken server, and enough of a server that is not, on a busy machine.
    hasty = await open(5000);
  });
  afterAll(() => Promise.all([patient.close(), hasty.close()]));

  const everything: [string, (store: BlobStore) => Promise<unknown>][] = [
    ['receive', (store) => store.receive('01ARZ3NDEKTSV4RRFFQ69G5FAV', pattern(1000))],
    ['a large receive', (store) => store.receive('01ARZ3NDEKTSV4RRFFQ69G5FAW', pattern(20 * MiB))],
    ['commit', (store) => store.commit('tmp/01ARZ3NDEKTSV4RRFFQ69G5FAV', 'originals/x')],
    ['put', (store) => store.put('cache/x', pattern(1000))],
    ['stat', (store) => store.stat('cache/x')],
    ['read', (store) => store.read('cache/x')],
    ['fill', (store) => store.fill(Buffer.alloc(10), 'cache/x')],
    ['local', (store) => store.local('cache/x')],
    ['remove', (store) => store.remove('cache/x')],
    ['removeAll', (store) => store.removeAll('cache/')],
    ['list', (store) => keysOf(store, 'cache/')],
    ['open', () => open(500)],
  ];

  describe.each([
    ['away', 'stop', 'start'],
    ['frozen', 'freeze', 'thaw'],
  ] as const)('blobs in an S3 store that is %s', (_, breakIt, mendIt) => {
    it('fail as unavailable, and are there again with the store', async () => {
      await patient.put('cache/kept', pattern(3000));
      await own().tell(breakIt, 'minio');
      const outcomes = await Promise.allSettled(everything.map(([, call]) => call(hasty)));
      await own().tell(mendIt, 'minio');
      outcomes.forEach((outcome, n) => {
        expect([everything[n]?.[0], outcome]).toEqual([
          everything[n]?.[0],
          { status: 'rejected', reason: expect.objectContaining(unavailable) },
        ]);
      });
      expect(pattern(3000).equals(await buffer(await hasty.read('cache/kept')))).toBe(true);
    });
  });

  describe('an S3 store that comes back in time', () => {
    /** 24 MiB that pause where `then` is called: what has been sent by then is a part or two. */
    async function* source(then: () => Promise<unknown>): AsyncGenerator<Buffer> {
      for (let n = 0; n < 24; n++) {
        if (n === 18) await then();
        yield pattern(MiB);
      }
    }

    it('does not disturb an upload', async () => {
      let started: Promise<void> | undefined;
      const interrupted = source(async () => {
        await own().tell('kill', 'minio');
        started = own().tell('start', 'minio');
      });
      const received = await patient.receive('01ARZ3NDEKTSV4RRFFQ69G5FAX', interrupted);
      await started;
      expect(received.bytes).toBe(24 * MiB);
      const whole = Buffer.concat(Array.from({ length: 24 }, () => pattern(MiB)));
      expect(whole.equals(await buffer(await patient.read(received.tmp)))).toBe(true);
    });

    it('does not disturb a reader, who gets the same bytes or none', async () => {
      const bytes = pattern(40 * MiB);
      await patient.put('cache/film', bytes);
      const through = async (change: () => Promise<unknown>): Promise<Buffer> => {
        const chunks: Buffer[] = [];
        for await (const chunk of await patient.read('cache/film')) {
          if (chunks.length === 0) {
            await own().tell('kill', 'minio');
            await own().tell('start', 'minio');
            await change();
          }
          chunks.push(chunk as Buffer);
        }
        return Buffer.concat(chunks);
      };
      expect(bytes.equals(await through(async () => undefined))).toBe(true);
      await expect(through(() => patient.put('cache/film', pattern(40 * MiB + 1)))).rejects.toMatchObject(unavailable);
    });

    it('makes a reader of a frozen store fail, but none who rests meanwhile', async () => {
      const bytes = pattern(40 * MiB);
      await patient.put('cache/film', bytes);
      const [waiting, resting] = [await hasty.read('cache/film'), await hasty.read('cache/film')];
      resting.read(0);
      while (resting.readableLength < resting.readableHighWaterMark) await nextTurn();
      await own().tell('freeze', 'minio');
      const outcome = await buffer(waiting).catch((error: unknown) => error);
      await own().tell('thaw', 'minio');
      expect(outcome).toMatchObject(unavailable);
      expect(bytes.equals(await buffer(resting))).toBe(true);
    });
  });
});
