import { mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBroker } from 'moleculer';
import { loadConfig } from '../../config/index.ts';
import { ports, type Ports } from '../../config/ports.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { catalogOf } from '../../mixins/catalog.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import { until } from '../../test/fixtures/until.ts';
import { call } from '../contracts/contract.ts';
import { pipeline } from '../contracts/pipeline.ts';
import service from './pipeline.service.ts';

it('an enricher is forgotten once no node hosts it, and not before', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vitrail-forget-'));
  const namespace = randomUUID();
  const close = async () => undefined;
  const channel = {
    close,
    publish: close,
    consume: async () => ({ stop: close, wake: () => undefined }),
    stats: async () => ({}),
  };
  const open = async () => {
    const records = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
    return { records, channel, blobs: { close }, search: { close } } as unknown as Ports;
  };
  const options = { namespace, transporter: 'Fake', logger: false, validator: false } as const;
  const core = new ServiceBroker({ ...options, nodeID: `core-${namespace}`, middlewares: [ports(loadConfig({}), open)] });
  core.createService(service);
  core.createService({ name: 'media', actions: { unplanned: () => [], unsettled: () => [], planned: close, settle: close } });
  const worker = new ServiceBroker({ ...options, nodeID: `worker-${namespace}` });
  worker.createService({ name: 'enricher.a', metadata: { manifest: manifest('a') }, actions: { enrich: () => ({}) } });
  await Promise.all([core.start(), worker.start()]);
  try {
    const known = async () => (await call(core, pipeline.manifests, {})).map(({ name }) => name);
    await until('a is available', () => catalogOf(core).available('a'));
    await until('a is kept', async () => (await known()).length === 1);
    await expect(call(core, pipeline.forgetEnricher, { name: 'a' })).rejects.toMatchObject({
      type: 'enricher.hosted',
      code: 409,
    });
    await expect(call(core, pipeline.forgetEnricher, { name: 'b' })).rejects.toMatchObject({ type: 'enricher.not-found' });
    await worker.stop();
    await until('a is available no more', () => !catalogOf(core).available('a'));
    expect(await known()).toEqual(['a']);
    await call(core, pipeline.forgetEnricher, { name: 'a' });
    expect([await known(), catalogOf(core).get('a')]).toEqual([[], undefined]);
  } finally {
    await core.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
