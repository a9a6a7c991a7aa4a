import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, ServiceBroker } from 'moleculer';
import type { Plugin } from '../../config/plugins.ts';
import { importEnricher } from '../../config/plugin-module.ts';
import type { EnricherAsset } from '../../plugins/sdk/enricher.ts';
import { call } from '../../services/contracts/contract.ts';
import { enrich, type EnrichResult } from '../../services/contracts/enricher.ts';
import { isVitrailError } from '../../services/contracts/errors.ts';
import { events } from '../../services/contracts/event.ts';
import { openWorld, pluginUrl, textOf, type World } from '../../test/fixtures/enricher-pool.ts';
import { until } from '../../test/fixtures/until.ts';
import { catalogOf } from '../catalog.ts';
import { enrichers } from './node.ts';

let world: World;
let broker: ServiceBroker;
const progress: unknown[] = [];

async function plugin(name: string, config: Record<string, unknown> = {}): Promise<Plugin> {
  const module = pluginUrl(name);
  const enricher = await importEnricher(name, module);
  return { enricher, config: enricher.config.parse(config), module };
}

beforeAll(async () => {
  world = await openWorld({ slots: 2 });
  const folder = join(world.folder, 'slow');
  mkdirSync(folder);
  const plugins = await Promise.all([
    plugin('echo'),
    plugin('slow', { folder }),
    plugin('hangs'),
    plugin('exits'),
    plugin('lies'),
    plugin('throws', { kind: 'plain' }),
  ]);
  broker = new ServiceBroker({
    logger: false,
    // As in Vitrail: the counts of breakers are cleared, and only enrichers have one.
    circuitBreaker: { enabled: true, minRequestCount: Number.MAX_SAFE_INTEGER },
    middlewares: [enrichers(plugins, () => world.pool, { graceMs: 0 })],
  });
  broker.createService({
    name: 'listener',
    events: { [events.enrichmentProgressed.name]: (ctx: Context) => void progress.push(ctx.params) },
  });
  await broker.start();
});
afterAll(async () => {
  await broker.stop();
  await world.close();
});

const run = (enricher: string, asset: EnricherAsset): Promise<EnrichResult> =>
  call(broker, enrich(enricher), { asset, fingerprint: 'f'.repeat(64), inputs: {} });
const failure = async (enricher: string): Promise<unknown> =>
  run(enricher, await world.asset()).then(
    () => null,
    (error: unknown) => error,
  );

it('an enricher is an action that answers its outputs, and tells its progress', async () => {
  const asset = await world.asset();
  const { outputs, durationMs } = await run('echo', asset);
  expect(outputs).toMatchObject({ word: 'word', file: { name: 'hello.txt' } });
  expect(durationMs).toBeGreaterThan(0);
  await until('progress is told', () => progress.length > 0);
  expect(progress).toContainEqual({ assetId: asset.id, enricher: 'echo', share: 0.5 });
});

it.each([
  ['throws', 500, 'enricher.failed', 'undefined is not a number, said …'],
  ['exits', 500, 'enricher.crashed', 'exit code 7'],
  ['hangs', 504, 'enricher.timeout', 'took longer than 1 s'],
  ['lies', 500, 'enricher.output-invalid', 'score'],
])('%s: the error is %i %s', async (enricher, code, type, said) => {
  const error = await failure(enricher);
  expect(isVitrailError(error)).toBe(true);
  expect(error).toMatchObject({ name: 'VitrailError', code, type, retryable: false, message: expect.stringContaining(said) });
  expect(error).toMatchObject({ data: { enricher } });
});

it('a file that is no picture is refused, which does not open the breaker', async () => {
  const broken = await world.asset(Buffer.from('no picture'));
  for (let i = 0; i < 25; i++) {
    const error: unknown = await run('echo', broken).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 422,
      type: 'enricher.refused',
      message: 'The file is no picture of a kind that is decoded here',
    });
  }
  await expect(run('echo', await world.asset())).resolves.toMatchObject({ outputs: { word: 'word' } });
});

it('an enricher that keeps failing is left alone for a while', async () => {
  const types = new Set<unknown>();
  for (let i = 0; i < 25; i++) types.add(((await failure('throws')) as { type?: unknown }).type);
  expect([...types]).toEqual(['enricher.failed', 'SERVICE_NOT_AVAILABLE']);
});

it('what does not fit the contract is refused', async () => {
  await expect(broker.call('enricher.echo.enrich', { asset: 7 })).rejects.toMatchObject({ code: 422, type: 'params.invalid' });
});

it('takes as many calls as its run policy says, and refuses one more', async () => {
  const folder = join(world.folder, 'slow');
  const asset = await world.asset();
  const first = run('slow', asset);
  await textOf(join(folder, `${asset.id}.started`));
  const second = run('slow', await world.asset());
  await expect(run('slow', await world.asset())).rejects.toMatchObject({ name: 'QueueIsFullError', code: 429 });
  writeFileSync(join(folder, 'go'), '');
  await expect(Promise.all([first, second])).resolves.toHaveLength(2);
});

it('its manifest travels in the metadata of the service, with the options in force', () => {
  const catalog = catalogOf(broker);
  expect(catalog.manifests().map(({ name }) => name)).toEqual(['echo', 'exits', 'hangs', 'lies', 'slow', 'throws']);
  expect(catalog.get('echo')).toMatchObject({
    title: 'Echo',
    config: { word: 'word' },
    outputs: { word: { kind: 'keyword', filter: true }, file: { kind: 'blob' } },
    run: { concurrency: 1, queue: 1, timeoutMs: 20_000, attempts: 4 },
  });
  expect(catalog.available('echo')).toBe(true);
});
