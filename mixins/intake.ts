import type { Context, ServiceBroker } from 'moleculer';
import type { z } from 'zod';
import { configOf, portsOf } from '../config/ports.ts';
import { BlobError } from '../drivers/blobs/port.ts';
import { call } from '../services/contracts/contract.ts';
import { isVitrailError, VitrailError } from '../services/contracts/errors.ts';
import { ingest, type Accepted, type UploadNote } from '../services/contracts/ingest.ts';
import { engineAway, levelOf } from './engine-errors.ts';
import { runnerOf } from './liveness.ts';

export type Note = z.input<typeof UploadNote>;

export interface IntakeOptions {
  /** Ends the intake; nothing of it is kept. */
  signal?: AbortSignal | undefined;
  /** Asked when all bytes are there, where some of the note comes after them; takes the place of the first one. */
  finalNote?: (() => Promise<Note>) | undefined;
}

/**
 * Takes a file into the collection: its bytes go straight from the source to this node's blob store, and only their key to
 * `ingest`, which looks at them. Memory in use does not grow with the file.
 * @throws upload.too-large, upload.aborted, engine.away, and what ingest refuses
 */
export async function takeIn(
  from: Context | ServiceBroker,
  source: AsyncIterable<Uint8Array>,
  note: Note,
  { signal, finalNote }: IntakeOptions = {},
): Promise<Accepted> {
  const broker = 'broker' in from ? from.broker : from;
  const { maxUpload } = configOf(broker);
  const { uploadId } = await call(from, ingest.begin, { ...note, runner: runnerOf(broker) });
  const arrive = async () => {
    const received = await portsOf(broker).blobs.receive(uploadId, source, { maxBytes: maxUpload, signal });
    return { ...received, note: await finalNote?.() };
  };
  const { note: last, ...received } = await arrive().catch(async (thrown: unknown) => {
    const error = refusalOf(thrown, maxUpload);
    // What was thrown comes first; an upload that could not be closed is found by ingest's reconciler.
    const code = isVitrailError(error) ? error.type : 'server.internal';
    await call(from, ingest.abandon, { uploadId, code }).catch((failure: unknown) => {
      const logger = broker.getLogger('intake');
      logger[levelOf(failure)]('An upload that failed could not be closed yet', { uploadId }, failure);
    });
    throw error;
  });
  // From here on it is ingest's: it closes what it refuses, and takes up again what was interrupted.
  return call(from, ingest.accept, { uploadId, ...received, ...(last && { note: last }) });
}

function refusalOf(error: unknown, maxUpload: number): unknown {
  if (!(error instanceof BlobError)) return engineAway(error);
  if (error.code === 'blob.too-large') {
    return new VitrailError('upload.too-large', `A file may have up to ${maxUpload} bytes (VITRAIL_MAX_UPLOAD).`, {
      maxBytes: maxUpload,
    });
  }
  if (error.code !== 'blob.aborted') return engineAway(error);
  // Where the source failed for a reason of its own, that is the reason.
  return isVitrailError(error.cause)
    ? error.cause
    : new VitrailError('upload.aborted', 'The file ended before its last byte; send it again.');
}
