import { configOf, portsOf } from '../../config/ports.ts';
import { levelOf } from '../../mixins/engine-errors.ts';
import { implement, type SchemaOf } from '../../mixins/implement.ts';
import { isAlive } from '../../mixins/liveness.ts';
import { records, type RecordsService } from '../../mixins/records.ts';
import { upkeep, type Upkeep } from '../../mixins/upkeep.ts';
import { call } from '../contracts/contract.ts';
import { VitrailError } from '../contracts/errors.ts';
import { ingest } from '../contracts/ingest.ts';
import { media } from '../contracts/media.ts';
import { pipeline } from '../contracts/pipeline.ts';
import { examineBlobs } from './examine.ts';
import { acceptUpload, isStored, refuseUpload } from './accept.ts';
import {
  endStuckUploads,
  orphanPatrol,
  purgeUploads,
  resumeStoredUploads,
  sweepTmp,
  type ReconcileOptions,
} from './reconcile.ts';
import { beginUpload, moveUpload, uploads, type Upload } from './uploads.ts';

interface IngestService extends RecordsService<Upload> {
  parts: ReconcileOptions;
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
      const accepted = await acceptUpload(upload, this.parts);
      // Lost plans are found by the pipeline's reconciler: the sender need not wait for it, nor fail with it.
      if (accepted.created) {
        await call(ctx, pipeline.plan, { id: accepted.asset.id, lane: upload.note.lane }).catch((error: unknown) =>
          this.logger[levelOf(error)]('The work of an asset is announced later', error),
        );
      }
      return accepted;
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
    const { maxPixels, reconcileSeconds, uploadIdleSeconds } = configOf(this.broker);
    const claimed = (keys: string[]) => call(this.broker, media.claims, { keys });
    this.parts = {
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

async function reconcileIngest({ parts, orphans, adapter }: IngestService): Promise<Record<string, number>> {
  return {
    stuck: await endStuckUploads(parts),
    resumed: await resumeStoredUploads(parts),
    swept: await sweepTmp(parts),
    orphans: await orphans(),
    purged: await purgeUploads(adapter),
  };
}
