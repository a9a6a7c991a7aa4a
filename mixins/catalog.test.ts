import { randomUUID } from 'node:crypto';
import { ServiceBroker } from 'moleculer';
import { z } from 'zod';
import { defineEnricher, field, manifestOf } from '../plugins/sdk/index.ts';
import { until } from '../test/fixtures/until.ts';
import { catalogOf } from './catalog.ts';

const namespace = randomUUID();
const brokers: ServiceBroker[] = [];
async function node(services: { name: string; metadata: Record<string, unknown> }[] = []): Promise<ServiceBroker> {
  const broker = new ServiceBroker({
    nodeID: randomUUID(),
    namespace: `${namespace}-${expect.getState().currentTestName}`,
    transporter: 'Fake',
    logger: false,
  });
  brokers.push(broker);
  for (const service of services) broker.createService(service);
  await broker.start();
  return broker;
}
afterEach(() => Promise.all(brokers.splice(0).map((broker) => broker.stop())));

function enricher(name: string, version = '1.0.0', resultVersion = 1) {
  const declared = defineEnricher({
    name,
    title: name,
    version,
    resultVersion,
    accepts: ['image/*'],
    config: z.object({}),
    outputs: { word: field.keyword({ title: 'Word' }) },
    enrich: () => Promise.resolve({ word: 'w' }),
  });
  return { name: `enricher.${name}`, metadata: { manifest: manifestOf(declared, {}) } };
}

it('knows the enrichers of every node, in the order of their names', async () => {
  const catalog = catalogOf(await node([enricher('b')]));
  await node([enricher('a'), enricher('c')]);
  await until('three enrichers are known', () => catalog.manifests().length === 3);
  expect(catalog.manifests().map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(catalog.get('c')?.outputs.word).toMatchObject({ kind: 'keyword', filter: true });
  expect(catalog.get('d')).toBeUndefined();
  expect(catalog.available('d')).toBe(false);
});

it('keeps an enricher whose node has gone, and knows it again when one comes', async () => {
  const catalog = catalogOf(await node());
  const away = await node([enricher('a')]);
  await until('a is available', () => catalog.available('a'));
  const hash = catalog.hash();
  await away.stop();
  await until('a is available no more', () => !catalog.available('a'));
  expect(catalog.get('a')).toMatchObject({ name: 'a' });
  expect(catalog.hash()).toBe(hash);
  await node([enricher('a')]);
  await until('a is available', () => catalog.available('a'));
});

it('takes the newest of several: by result version, then by version', async () => {
  const catalog = catalogOf(await node([enricher('a', '1.9.0', 2)]));
  await node([enricher('a', '1.10.0', 2)]);
  await until('the newer version is in force', () => catalog.get('a')?.version === '1.10.0');
  await node([enricher('a', '9.0.0', 1), enricher('last')]);
  await until('last is available', () => catalog.available('last'));
  expect(catalog.get('a')).toMatchObject({ version: '1.10.0', resultVersion: 2 });
});

it('keeps the newest in force when its node has gone, and gives nodes of an older one no work', async () => {
  const old = await node([enricher('a', '1.0.0', 1)]);
  const catalog = catalogOf(old);
  expect(catalog.hosts('a')).toEqual([old.nodeID]);
  const newer = await node([enricher('a', '2.0.0', 2)]);
  await until('the newer result version is in force', () => catalog.get('a')?.resultVersion === 2);
  expect(catalog.hosts('a')).toEqual([newer.nodeID]);
  await newer.stop();
  await until('a is available no more', () => !catalog.available('a'));
  expect(catalog.get('a')?.resultVersion).toBe(2);
  expect(catalog.missing('a')).toContain('version 1.0.0');
});

it('remembers what was in force before it came, until it is told to forget', async () => {
  const broker = await node([enricher('a', '1.0.0', 1)]);
  const catalog = catalogOf(broker);
  const [before, gone] = [enricher('a', '2.0.0', 2), enricher('gone')].map(({ metadata }) => metadata.manifest);
  catalog.remember([before!, gone!]);
  expect(catalog.manifests().map(({ name, version }) => [name, version])).toEqual([
    ['a', '2.0.0'],
    ['gone', '1.0.0'],
  ]);
  catalog.remember([before!]);
  expect(catalog.manifests().map(({ name }) => name)).toEqual(['a']);
});

it('of two with other options keeps the one in force until no node has it', async () => {
  const first = await node([enricher('a')]);
  const catalog = catalogOf(first);
  const here = catalog.get('a')!;
  const { manifest } = enricher('a').metadata;
  const other = await node([{ name: 'enricher.a', metadata: { manifest: { ...manifest, config: { odd: true } } } }]);
  await until(
    'both are seen',
    () => first.registry.getServiceList({ onlyAvailable: true }).filter(({ name }) => name === 'enricher.a').length === 2,
  );
  expect(catalog.get('a')).toEqual(here);
  const there = catalogOf(other);
  await until('a is available there', () => there.available('a'));
  await first.stop();
  await until('the other options are in force', () => there.get('a')?.config.odd === true && there.available('a'));
});

it('calls back when something has changed, and only then, until it is told not to', async () => {
  const broker = await node([enricher('a')]);
  const catalog = catalogOf(broker);
  expect(catalogOf(broker)).toBe(catalog);
  const hashes: string[] = [];
  const end = catalog.onChange(() => hashes.push(catalog.hash()));
  await node([enricher('a')]);
  await node([enricher('b')]);
  await until('b is available', () => catalog.available('b'));
  expect(hashes).toEqual([catalog.hash()]);
  end();
  await node([enricher('c')]);
  await until('c is available', () => catalog.available('c'));
  expect(hashes).toHaveLength(1);
  expect(hashes[0]).not.toBe(catalog.hash());
});

it('passes over services that carry no manifest, a broken one or that of another', async () => {
  const catalog = catalogOf(
    await node([
      { name: 'plain', metadata: {} },
      { name: 'enricher.broken', metadata: { manifest: { name: 'broken' } } },
      { ...enricher('mine'), name: 'enricher.yours' },
      enricher('good'),
    ]),
  );
  expect(catalog.manifests().map(({ name }) => name)).toEqual(['good']);
});

it('says what the nodes lack, until one of them lacks nothing', async () => {
  const { name, metadata } = enricher('a');
  const catalog = catalogOf(await node([{ name, metadata: { ...metadata, missing: 'It needs a projector.' } }]));
  expect([catalog.available('a'), catalog.missing('a')]).toEqual([false, 'It needs a projector.']);
  const able = await node([enricher('a')]);
  await until('a is available', () => catalog.available('a'));
  expect(catalog.missing('a')).toBeUndefined();
  await able.stop();
  await until('a is available no more', () => !catalog.available('a'));
  expect(catalog.missing('a')).toBe('It needs a projector.');
});
