import { Readable } from 'node:stream';
import { BlobError, type Bytes } from './port.ts';

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/**
 * The chunks of a source, one at a time, so that its sender is held back. A failure of the source and an abort both end as
 * `blob.aborted`, the abort even while the source is silent. However it ends, the source is let go of.
 */
export async function* pull(source: Bytes, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const iterator = (source instanceof Uint8Array ? single(source) : source)[Symbol.asyncIterator]();
  let interrupt: (reason: BlobError) => void = () => undefined;
  const onAbort = (): void => interrupt(aborted(signal));
  signal?.addEventListener('abort', onAbort, { once: true });
  let ended = false;
  try {
    while (true) {
      // Not Promise.race with one long-lived promise: that would keep a reaction per chunk until the end.
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        interrupt = reject;
        if (signal?.aborted) {
          reject(aborted(signal));
          return;
        }
        iterator.next().then(resolve, (cause: unknown) => {
          ended = true;
          reject(new BlobError('blob.aborted', 'the source failed before its last byte: send it again', { cause }));
        });
      });
      if (next.done) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    if (!ended) letGo(source, iterator);
  }
}

export const aborted = (signal: AbortSignal | undefined): BlobError =>
  new BlobError('blob.aborted', 'the write was aborted: nothing was kept', { cause: signal?.reason });

/** Not awaited: a source that is silent would answer only after its next chunk. */
function letGo(source: Bytes, iterator: AsyncIterator<Uint8Array>): void {
  if (source instanceof Readable) source.destroy();
  else iterator.return?.().catch(() => undefined);
}
