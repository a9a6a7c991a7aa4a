/**
 * A mesh on this machine for a minute: one edge, one core and two workers on the servers that the environment names, `samples/` through it,
 * and a worker killed half-way. `npm run mesh:demo` says who did what, and whether anything was lost; `npm run mesh:demo -- DIR|FILE…` takes
 * other files. It has a database, bucket, index and streams of its own, and takes them away again.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { walk } from '../services/ingest/import/walk.ts';
import { root } from './app.ts';
import { allThere, edgeAt } from './mesh/edge.ts';
import { openMesh, type Mesh } from './mesh/nodes.ts';
import { missingServers, openPlace, type Place } from './mesh/place.ts';
import { findings, printTable, workTable } from './mesh/report.ts';
import { enrichedThrough } from './mesh/through.ts';

const missing = missingServers(process.env);
if (missing.length > 0) {
  console.error(`The demo runs on NATS, MongoDB, an S3 store and OpenSearch. Not set: ${missing.join(', ')}.

  npm run infra:start    starts them with Docker; docs/infrastructure.md says which settings they have then
  export VITRAIL_…       names others; it is not mixed up with what they keep already`);
  process.exit(1);
}

/** A terminal passes Ctrl-C on to npm and to this, and npm passes it on once more. */
const echoMs = 500;
const stopped = Promise.withResolvers<never>();
let askedAt: number | undefined;
const stop = (): void => {
  if (askedAt !== undefined && Date.now() - askedAt > echoMs) process.exit(130);
  askedAt ??= Date.now();
  stopped.reject(new Error('stopped'));
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

async function demo(place: Place, mesh: Mesh, files: readonly string[]): Promise<boolean> {
  console.log(
    `Servers     ${Object.entries(place.where)
      .map((server) => server.join(' '))
      .join(', ')}`,
  );
  console.log(`Mesh        ${place.name}: also the name of its database and bucket; gone in the end`);
  const slots = Math.max(1, Math.floor(availableParallelism() / 2));
  const wishes = [
    { id: 'edge-1', role: 'edge' },
    { id: 'core-1', role: 'core' },
    { id: 'worker-1', role: 'worker', slots },
    { id: 'worker-2', role: 'worker', slots },
  ] as const;
  const nodes = await Promise.all(
    wishes.map(async (wish) => {
      const started = await mesh.start(wish);
      console.log(`Ready       ${started.id}, process ${started.pid}${started.base && `, ${started.base}`}`);
      return started;
    }),
  );
  const edge = edgeAt(nodes.find(({ role }) => role === 'edge')?.base ?? '');
  await allThere(
    edge,
    nodes.map(({ id }) => id),
  );
  const done = await enrichedThrough(edge, nodes, files);
  printTable(workTable(nodes, done));
  const found = await findings(edge, done);
  for (const { good, said } of found) console.log(`${good ? 'yes' : 'NO '}  ${said}`);
  return found.every(({ good }) => good);
}

async function run(): Promise<number> {
  const paths = process.argv.slice(2);
  const files = await Array.fromAsync(walk(paths.length > 0 ? paths : [join(root, 'samples')]));
  await using place = await openPlace(process.env, 'demo');
  await using mesh = openMesh(place, process.env);
  try {
    return (await Promise.race([demo(place, mesh, files), stopped.promise])) ? 0 : 1;
  } catch (error) {
    if (askedAt === undefined) throw error;
    console.error('\nStopping: the nodes end, and what they kept is removed. Ctrl-C again stops at once.');
    return 130;
  }
}

process.exit(
  await run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }),
);
