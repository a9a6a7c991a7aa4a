import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBroker } from 'moleculer';
import { loadConfig } from '../config/index.ts';
import { ports, type Ports, portsOf } from '../config/ports.ts';
import { openFsBlobs } from '../drivers/blobs/fs.ts';
import { BlobError } from '../drivers/blobs/port.ts';
import { VitrailError } from '../services/contracts/errors.ts';
import { ingest } from '../services/contracts/ingest.ts';
import { runnerOf } from './liveness.ts';
import { takeIn } from './intake.ts';

async function* bytes(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}
const note = { filename: 'a.jpg', lane: 'backfill' as const };
const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

describe('intake', () => {
  let folder: string;
  let broker: ServiceBroker;
  let calls: [name: string, params: Record<string, unknown>][];
  let failing: Record<string, Error>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrail-intake-'));
    calls = [];
    failing = {};
    const open = async (): Promise<Ports> => {
      const closed = { close: async () => undefined };
      return { blobs: await openFsBlobs({ root: folder }), records: closed, search: closed, channel: closed } as unknown as Ports;
    };
    broker = new ServiceBroker({
      logger: false,
      validator: false,
      middlewares: [ports(loadConfig({ VITRAIL_MAX_UPLOAD: '10' }), open)],
    });
    const answers: Record<string, unknown> = { begin: { uploadId: id }, accept: { created: true } };
    const actions = Object.entries(ingest).map(([key, { name }]) => [
      key,
      (ctx: { params: Record<string, unknown> }) => {
        calls.push([name, ctx.params]);
        if (failing[key]) throw failing[key];
        return answers[key];
      },
    ]);
    broker.createService({ name: 'ingest', actions: Object.fromEntries(actions) });
    await broker.start();
  });
  afterEach(async () => {
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const names = () => calls.map(([name]) => name);
  const paramsOf = (name: string) => calls.find(([called]) => called === name)?.[1];

  it('brings the bytes to the blob store, and their key to ingest', async () => {
    expect(await takeIn(broker, bytes('abc', 'def'), note)).toEqual({ created: true });
    expect(names()).toEqual([ingest.begin.name, ingest.accept.name]);
    expect(paramsOf(ingest.begin.name)).toEqual({ ...note, runner: runnerOf(broker) });
    expect(paramsOf(ingest.accept.name)).toEqual({
      uploadId: id,
      tmp: `tmp/${id}`,
      bytes: 6,
      sha256: expect.stringMatching(/^bef57ec7f53a6d40/),
    });
    expect(await readdir(join(folder, 'tmp'))).toEqual([id]);
  });

  it('asks for the rest of the note when all bytes are there', async () => {
    let read = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      yield* bytes('abc');
      read = true;
    }
    const finalNote = async () => ({ ...note, filename: read ? 'after.jpg' : 'too early' });
    await takeIn(broker, source(), note, { finalNote });
    expect(paramsOf(ingest.accept.name)).toMatchObject({ note: { filename: 'after.jpg' } });
  });

  it('gives a file up that is larger than allowed, naming the limit', async () => {
    await expect(takeIn(broker, bytes('abcdef', 'ghijkl'), note)).rejects.toMatchObject({
      type: 'upload.too-large',
      code: 413,
      data: { maxBytes: 10 },
    });
    expect(paramsOf(ingest.abandon.name)).toEqual({ uploadId: id, code: 'upload.too-large' });
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('gives a file up whose source fails, and says why where the source knows', async () => {
    const failure = (error: Error) =>
      (async function* () {
        yield* bytes('abc');
        throw error;
      })();
    await expect(takeIn(broker, failure(new Error('secret')), note)).rejects.toMatchObject({
      type: 'upload.aborted',
      message: expect.not.stringContaining('secret'),
    });
    await expect(takeIn(broker, failure(new VitrailError('request.malformed', 'Bad form.')), note)).rejects.toMatchObject({
      type: 'request.malformed',
    });
    expect(names().filter((name) => name === ingest.abandon.name)).toHaveLength(2);
  });

  it('ends with its signal, even where the source is silent', async () => {
    const controller = new AbortController();
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield* bytes('abc');
      controller.abort(new VitrailError('upload.aborted', 'Nothing came for 1 s.'));
      await new Promise(() => undefined);
    }
    await expect(takeIn(broker, silent(), note, { signal: controller.signal })).rejects.toMatchObject({
      message: 'Nothing came for 1 s.',
    });
    expect(paramsOf(ingest.abandon.name)).toMatchObject({ code: 'upload.aborted' });
  });

  it('gives a file up whose note turns out to be unfit', async () => {
    const finalNote = async () => Promise.reject(new VitrailError('params.invalid', 'rating: 9'));
    await expect(takeIn(broker, bytes('abc'), note, { finalNote })).rejects.toMatchObject({ type: 'params.invalid' });
    expect(names()).toEqual([ingest.begin.name, ingest.abandon.name]);
  });

  it('says that the store is away, not that the file is at fault', async () => {
    const store = portsOf(broker).blobs;
    store.receive = () => Promise.reject(new BlobError('blob.unavailable', 'connect ECONNREFUSED 10.0.0.7:9000'));
    await expect(takeIn(broker, bytes('abc'), note)).rejects.toMatchObject({
      type: 'engine.away',
      code: 503,
      message: expect.not.stringContaining('10.0.0.7'),
    });
    expect(paramsOf(ingest.abandon.name)).toEqual({ uploadId: id, code: 'engine.away' });
  });

  it('leaves what ingest refuses, or was interrupted in, to ingest', async () => {
    failing = { accept: new VitrailError('upload.type-refused', 'No picture.') };
    await expect(takeIn(broker, bytes('abc'), note)).rejects.toMatchObject({ type: 'upload.type-refused' });
    expect(names()).not.toContain(ingest.abandon.name);
  });

  it('tells what went wrong first when the upload cannot be closed either', async () => {
    failing = { abandon: new Error('database is locked') };
    await expect(takeIn(broker, bytes('much more than ten'), note)).rejects.toMatchObject({ type: 'upload.too-large' });
  });
});
