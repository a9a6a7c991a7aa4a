import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import type { LedgerRow } from '../../services/pipeline/ledger.ts';
import { rssMb } from '../app.ts';
import { idleMs, meshCpu, since, type MeshCpu } from './cpu.ts';
import { allThere, edgeAt } from './edge.ts';
import { openMesh, type NodeWish } from './nodes.ts';
import type { Pictures } from './pictures.ts';
import { openPlace } from './place.ts';
import { type Bytes, indexBytes, objectBytes, queueBytes, recordBytes } from './storage.ts';

export interface MeshRun {
  count: number;
  wallMs: number;
  cpu: MeshCpu;
  /** CPU ms that the workers had, and ms in which a processor of theirs had nothing to do: of their cores, all that was to be had. */
  freeMs: number;
  /** Share of all assets, those of the warm-up included, that more than one worker worked on, and so fetched and decoded. */
  moved: number;
  kept: Kept;
}

/** What is kept when all is done, of all assets, those of the warm-up included; and the memory of the nodes. */
export interface Kept {
  assets: number;
  records: Bytes;
  objects: Bytes & { objects: number };
  index: number;
  /** Bytes in the queue of an asset that waits. */
  queued: number;
  /** Resident MB of each node without its children. */
  rss: Readonly<Record<string, number>>;
}

interface Wish {
  /** Pictures that are measured. */
  count: number;
  /** Pictures that go through before: every worker has to have some, so that its children are there. */
  warmUp: number;
  pictures: Pictures;
  workers: readonly NodeWish[];
  /** Options of Node.js for edge and core. */
  flags?: readonly string[];
}

async function movedShare(db: Db): Promise<number> {
  const nodes = new Map<string, Set<string>>();
  for await (const { assetId, node } of db.collection<LedgerRow>('ledger').find())
    if (node !== undefined) nodes.set(assetId, (nodes.get(assetId) ?? new Set()).add(node));
  return [...nodes.values()].filter(({ size }) => size > 1).length / nodes.size;
}

/** Takes pictures through a mesh of one edge, one core and these workers, from the first upload that is measured until all are ready. */
export async function meshRun({ count, warmUp, pictures, workers, flags = [] }: Wish): Promise<MeshRun> {
  await using place = await openPlace(process.env, 'bench');
  await using mesh = openMesh(place, process.env);
  const wishes: NodeWish[] = [{ id: 'edge', role: 'edge', flags }, { id: 'core', role: 'core', flags }, ...workers];
  const nodes = await Promise.all(wishes.map((wish) => mesh.start(wish)));
  const edge = edgeAt(nodes[0]?.base ?? '');
  await allThere(
    edge,
    nodes.map(({ id }) => id),
  );
  const folder = join(place.folder, 'in');
  await mkdir(folder);
  const files = await pictures(folder, count + warmUp);

  const mongo = new MongoClient(place.env['VITRAIL_MONGO_URL'] ?? '');
  // Asked of the records themselves: what watches is no part of what is measured.
  const ready = async (wanted: number): Promise<void> => {
    const assets = mongo.db(place.name).collection('assets');
    while ((await assets.countDocuments({ state: 'ready' })) < wanted) await setTimeout(200);
  };
  const takeIn = async (some: readonly string[]): Promise<void> => {
    const left = [...some];
    const sender = async () => {
      for (let file = left.shift(); file !== undefined; file = left.shift()) await edge.upload(file);
    };
    await Promise.all([sender(), sender()]);
  };
  try {
    await takeIn(files.splice(0, warmUp));
    await ready(warmUp);
    const cores = workers.flatMap(({ core }) => (core === undefined ? [] : [core]));
    const idle = async () => (await Promise.all(cores.map(idleMs))).reduce((sum, ms) => sum + ms, 0);
    const [before, idleBefore, began] = [await meshCpu(nodes), await idle(), performance.now()];
    await takeIn(files);
    const queued = await queueBytes(place);
    await ready(warmUp + count);
    const wallMs = performance.now() - began;
    const cpu = since(await meshCpu(nodes), before);
    const own = cpu.children + workers.reduce((sum, { id }) => sum + (cpu.nodes[id] ?? 0), 0);
    const freeMs = own + (await idle()) - idleBefore;
    const rss = Object.fromEntries(await Promise.all(nodes.map(async ({ id, pid }) => [id, await rssMb(pid)] as const)));
    const [records, objects] = [await recordBytes(mongo.db(place.name)), await objectBytes(place)];
    const kept = { assets: warmUp + count, records, objects, index: await indexBytes(place), queued, rss };
    return { count, wallMs, cpu, freeMs, moved: await movedShare(mongo.db(place.name)), kept };
  } finally {
    await mongo.close();
  }
}
