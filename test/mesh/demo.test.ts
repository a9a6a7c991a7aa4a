import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client as OpenSearch } from '@opensearch-project/opensearch';
import { MongoClient } from 'mongodb';
import { connect } from 'nats';
import { missingServers, mongoUrlOf, serverVariables } from '../../bench/mesh/place.ts';
import { clientOf, optionsOf } from '../fixtures/own-bucket.ts';
import { withServers } from '../fixtures/servers.ts';
import { until } from '../fixtures/until.ts';

const root = join(import.meta.dirname, '..', '..');

interface Demo {
  output(): string;
  ended: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
}

const started: { child: ChildProcess; ended: Promise<unknown> }[] = [];
/** In order, since a demo that is killed leaves its nodes. */
afterAll(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
}, 60_000);

function startDemo(env: Record<string, string | undefined> = process.env): Demo {
  const child = spawn(join(root, 'node_modules', '.bin', 'node'), [join(root, 'bench', 'mesh-demo.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  started.push({ child, ended });
  return { output: () => output, ended, signal: (name) => child.kill(name) };
}

const nodesIn = (output: string): string[] => [...output.matchAll(/^Ready .* process (\d+)/gm)].map(([, pid = '']) => pid);

it('says what is missing and how to start it, where no servers are named', async () => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITRAIL_')));
  const demo = startDemo({ ...env, VITRAIL_NATS_URL: 'nats://127.0.0.1:4222' });
  expect(await demo.ended).toBe(1);
  expect(demo.output()).toContain('npm run infra:start');
  const named = missingServers({ VITRAIL_NATS_URL: 'nats://127.0.0.1:4222' });
  expect(named).toEqual(serverVariables.slice(1));
  for (const name of named) expect(demo.output()).toContain(name);
}, 30_000);

it.each([
  ['mongodb://host:1/vitrail', 'mongodb://host:1/own'],
  ['mongodb://host:1', 'mongodb://host:1/own'],
  ['mongodb://host:1/?replicaSet=a', 'mongodb://host:1/own?replicaSet=a'],
  ['mongodb://me:secret@a:1,b:2/vitrail', 'mongodb://me:secret@a:1,b:2/own?authSource=vitrail'],
  ['mongodb://me:secret@a:1/?tls=true', 'mongodb://me:secret@a:1/own?tls=true&authSource=admin'],
  ['mongodb+srv://me:secret@a/vitrail?authSource=admin', 'mongodb+srv://me:secret@a/own?authSource=admin'],
])('%s with a database of its own is %s', (url, own) => {
  expect(mongoUrlOf(url, 'own')).toBe(own);
});

withServers(['jetstream', 'mongo', 's3', 'opensearch'], (env) => {
  /** What is still there of a demo, by its name. */
  async function left(name: string): Promise<string[]> {
    const mongo = new MongoClient(env.VITRAIL_MONGO_URL);
    const nats = await connect({ servers: new URL(env.VITRAIL_NATS_URL).host });
    const index = new OpenSearch({ node: env.VITRAIL_OPENSEARCH_URL });
    try {
      const { databases } = await mongo.db().admin().listDatabases({ nameOnly: true });
      const streams: string[] = [];
      for await (const stream of (await nats.jetstreamManager()).streams.names()) streams.push(stream);
      const { body } = await index.cat.indices({ format: 'json', h: ['index'] });
      const indexes = (body as { index: string }[]).map((row) => row.index);
      const all = [...databases.map((database) => database.name), ...streams, ...indexes];
      const bucket = await clientOf(optionsOf(env, name)).bucketExists(name);
      return [...all.filter((one) => one.startsWith(name)), ...(bucket ? [`bucket ${name}`] : [])];
    } finally {
      await Promise.allSettled([mongo.close(), nats.close(), index.close()]);
    }
  }
  const nameIn = (output: string): string => /^Mesh +(\S+):/m.exec(output)?.[1] ?? '';

  // Beside each other: much of a demo is waiting for nodes.
  it.concurrent(
    'kills a worker half-way, says who did what, loses nothing and leaves nothing behind',
    async () => {
      const demo = startDemo();
      expect(await demo.ended).toBe(0);
      const output = demo.output();
      expect(nodesIn(output)).toHaveLength(4);
      const [, runs = ''] = /make (\d+) runs/.exec(output) ?? [];
      const [, victim = ''] = /^kill -9 +(worker-\d)/m.exec(output) ?? [];
      const done = [...output.matchAll(/^(worker-\d) +worker +(\d+) +(\d+)/gm)];
      expect(done.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(Number(runs));
      for (const [, id, , takenOver] of done) if (id === victim) expect(takenOver).toBe('0');
      expect(output).not.toMatch(/^NO /m);
      expect(output.match(/^yes {2}/gm)).toHaveLength(5);
      expect(nodesIn(output).filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
      expect(await left(nameIn(output))).toEqual([]);
    },
    300_000,
  );

  it.concurrent(
    'Ctrl-C in the middle ends its nodes and takes away what they kept',
    async () => {
      const demo = startDemo();
      await until('half of the work', () => /^Enriched/m.test(demo.output()));
      expect(await left(nameIn(demo.output()))).not.toEqual([]);
      demo.signal('SIGINT');
      expect(await demo.ended).toBe(130);
      expect(nodesIn(demo.output()).filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
      expect(await left(nameIn(demo.output()))).toEqual([]);
    },
    300_000,
  );
});
