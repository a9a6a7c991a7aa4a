import { configOf, portsOf } from '../../config/ports.ts';
import { levelOf } from '../../mixins/engine-errors.ts';
import { implement, type SchemaOf } from '../../mixins/implement.ts';
import { isAlive } from '../../mixins/liveness.ts';
import { records, type RecordsService } from '../../mixins/records.ts';
import { upkeep, type Upkeep } from '../../mixins/upkeep.ts';
import { call } from '../contracts/contract.ts';
import { VitrailError } from '../contracts/errors.ts';
import { ingest, type Accepted } from '../contracts/ingest.ts';
import { media } from '../contracts/media.ts';
import { pipeline } from '../contracts/pipeline.ts';
import { acceptUpload, isStored, refuseUpload } from './accept.ts';
import { examineBlobs } from './examine.ts';
import { joinParts } from './join.ts';
import {
  endStuckUploads,
  orphanPatrol,
  purgeUploads,
  resumeStoredUploads,
  sweepTmp,
  type ReconcileOptions,
} from './reconcile.ts';
import {
  appendPart,
  expireUploads,
  goneUpload,
  openUpload,
  resumableUpload,
  terminateUpload,
  toResumableUpload,
  type ResumableOptions,
} from './resumable.ts';
import { beginUpload, moveUpload, uploads, type Upload } from './uploads.ts';

interface IngestService extends RecordsService<Upload> {
  parts: ReconcileOptions & ResumableOptions;
  /** Uploads that this node takes in at this moment, by id. */
  finishing: Map<string, Promise<Accepted>>;
  orphans: () => Promise<number>;
  upkeep: Upkeep;
}

/** Owns the way of bytes into the collection. */
export default {
  name: 'ingest',
  mixins: [records(uploads)],

  actions: implement<typeof ingest, IngestService>(ingest, {
    async begin(ctx) {
      const { runner, ...note } = ctx.params;
      return { uploadId: await beginUpload(this.adapter, note, runner) };
    },
    async accept(ctx) {
      const { uploadId, note, ...bytes } = ctx.params;
      const facts = { ...bytes, ...(note && { note }) };
      // One that is stored already is taken in again: the answer to the first time may have been lost.
      const upload =
        (await moveUpload(this.adapter, uploadId, ['receiving'], 'stored', facts)) ?? (await this.adapter.findById(uploadId));
      if (!upload || !isStored(upload))
        throw new VitrailError('upload.aborted', 'The upload was given up meanwhile; send the file again.');
      return finishStored(this, upload);
    },
    async open(ctx) {
      const { uploadId, length, metadata, ...note } = ctx.params;
      return shownUpload(this, await openUpload(this.parts, { id: uploadId, note, length, metadata }));
    },
    async resumable(ctx) {
      return shownUpload(this, await resumableUpload(this.adapter, ctx.params.id));
    },
    async append(ctx) {
      const { uploadId, offset, part } = ctx.params;
      return shownUpload(this, await appendPart(this.parts, uploadId, offset, part));
    },
    async finish(ctx) {
      const upload = await resumableUpload(this.adapter, ctx.params.uploadId);
      if (upload.state === 'stored') return finishStored(this, upload);
      if (upload.state !== 'accepted') throw goneUpload(upload);
      const asset = await call(ctx, media.get, { id: upload.assetId ?? '' });
      return { asset, created: upload.created ?? false };
    },
    async terminate(ctx) {
      await terminateUpload(this.parts, ctx.params.uploadId);
    },
    async abandon(ctx) {
      await refuseUpload({ id: ctx.params.uploadId }, ctx.params.code, this.parts);
    },
    known(ctx) {
      return call(ctx, media.bySha, ctx.params);
    },
    examine(ctx) {
      return examineBlobs({ blobs: this.parts.blobs, fix: ctx.params.fix, claimed: this.parts.claimed });
    },
    reconcile() {
      return reconcileIngest(this);
    },
  }),

  async started(this: IngestService) {
    const { blobs } = portsOf(this.broker);
    const { maxPixels, openUploads, reconcileSeconds, uploadExpirySeconds, uploadIdleSeconds } = configOf(this.broker);
    const claimed = (keys: string[]) => call(this.broker, media.claims, { keys });
    this.finishing = new Map();
    this.parts = {
      finish: (upload) => finishStored(this, upload),
      maxOpen: openUploads,
      expiryMs: uploadExpirySeconds * 1000,
      uploads: this.adapter,
      blobs,
      maxPixels,
      known: (sha256) => call(this.broker, media.bySha, { sha256 }),
      create: (asset) => call(this.broker, media.create, asset),
      isAlive: (runner) => isAlive(this.broker, runner),
      idleMs: uploadIdleSeconds * 1000,
      claimed,
      onError: (error) =>
        this.logger[levelOf(error, 'error')]('An upload could not be resumed; the next round tries again', error),
    };
    this.orphans = orphanPatrol(blobs, claimed);
    this.upkeep = upkeep({ logger: this.logger, everyMs: reconcileSeconds * 1000, round: () => reconcileIngest(this) });
    await Promise.resolve();
  },

  events: {
    async '$broker.started'(this: IngestService) {
      await this.upkeep.begin();
    },
  },

  async stopped(this: IngestService) {
    await this.upkeep.end();
  },
} satisfies SchemaOf<IngestService>;

const shownUpload = ({ parts }: IngestService, upload: Awaited<ReturnType<typeof resumableUpload>>) =>
  toResumableUpload(upload, parts.expiryMs);

/** Takes a stored upload in, once however many ask, and announces the work that its asset is due. */
function finishStored(service: IngestService, upload: Upload): Promise<Accepted> {
  const { finishing, parts, broker, logger } = service;
  const underWay = finishing.get(upload.id);
  if (underWay) return underWay;
  const work = async (): Promise<Accepted> => {
    const accepted = await acceptUpload(await joinParts(upload, parts), parts);
    // Lost plans are found by the pipeline's reconciler: the sender need not wait for it, nor fail with it.
    if (accepted.created) {
      await call(broker, pipeline.plan, { id: accepted.asset.id, lane: upload.note.lane }).catch((error: unknown) =>
        logger[levelOf(error)]('The work of an asset is announced later', error),
      );
    }
    return accepted;
  };
  const done = work().finally(() => finishing.delete(upload.id));
  finishing.set(upload.id, done);
  return done;
}

async function reconcileIngest({ parts, orphans, adapter }: IngestService): Promise<Record<string, number>> {
  return {
    stuck: await endStuckUploads(parts),
    expired: await expireUploads(parts),
    resumed: await resumeStoredUploads(parts),
    swept: await sweepTmp(parts),
    orphans: await orphans(),
    purged: await purgeUploads(adapter),
  };
}
