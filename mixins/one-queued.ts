/**
 * Work that is done never twice at once, and for all who ask before it begins: who asks while it is under way gets the result of
 * the next time, which sees what was done until then.
 */
export function oneQueued<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let queued: Promise<T> | undefined;
  return () => {
    if (queued) return queued;
    const next = last
      .catch(() => undefined)
      .then(() => {
        queued = undefined;
        return work();
      });
    last = queued = next;
    return next;
  };
}
