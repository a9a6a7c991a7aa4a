/** The file will never do (broken, too large, not of this kind): quarantined at once, with this message as its reason. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

/** What may pass (a server that is away, memory that is short): tried again later, with backoff. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}
