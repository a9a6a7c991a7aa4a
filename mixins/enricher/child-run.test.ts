import { BlobError, type BlobStore } from '../../drivers/blobs/port.ts';
import { pluginUrl } from '../../test/fixtures/enricher-pool.ts';
import { makeRunner } from './child-run.ts';
import type { HotStills } from './hot-stills.ts';
import type { Job } from './job.ts';

const away = new BlobError('blob.unavailable', 'connect ECONNREFUSED 10.0.0.7:9000');
const job: Job = {
  enricher: 'echo',
  module: pluginUrl('echo').href,
  config: { word: 'word' },
  asset: { id: 'a', sha256: 'a'.repeat(64), filename: 'a.png', type: 'image/png', bytes: 1, width: 1, height: 1 },
  fingerprint: 'f',
  inputs: {},
};
const answer = (stills: HotStills, blobs: Partial<BlobStore> = {}) =>
  makeRunner({ blobs: blobs as BlobStore, stills, tell: () => undefined, cache: async () => '' })(
    job,
    new AbortController().signal,
  );
const failure = { reason: 'away', message: 'The store of bytes does not answer' };

describe('a run while the store of bytes is away', () => {
  it('is no fault of the file, and does not tell where the store is', async () => {
    expect(await answer({ of: () => Promise.reject(away) })).toMatchObject({ failure });
  });

  it('is no fault of the plugin either, where its file could not be stored', async () => {
    const hot = { path: '/a.png', still: { raw: async () => ({ data: Buffer.alloc(1) }) } };
    const stills = { of: async () => hot } as unknown as HotStills;
    expect(await answer(stills, { put: () => Promise.reject(away) })).toMatchObject({ failure });
    const full = new Error('no room');
    expect(await answer(stills, { put: () => Promise.reject(full) })).toMatchObject({ failure: { reason: 'transient' } });
  });
});
