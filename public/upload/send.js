// @ts-check
import { ServerError } from '../server.js';

/** @typedef {{ onShare: (share: number) => void, signal: AbortSignal }} Options share: of the bytes, 0–1 */

/** How long is waited before each new attempt, in ms: a connection that breaks, or a server that is away for a moment, costs nothing. */
const retryDelays = [0, 1000, 3000, 5000, 10_000];

/** Whether an answer is that of a server, or of a proxy before it, that will take the same a moment later. @param {number} status */
const passes = (status) => status >= 500 || status === 408 || status === 429;

/** It is no module, and puts itself where scripts were once looked for. @returns {Promise<typeof import('tus-js-client')>} */
async function client() {
  await import('tus-js-client');
  return /** @type {any} */ (globalThis).tus;
}

/**
 * Sends a file by tus, from where an attempt before this one ended, be it before the page was closed. Gives the asset that it became.
 * @param {File} file
 * @param {Options} options
 * @returns {Promise<{ id: string, known: boolean }>} known: the same bytes were there already
 * @throws {ServerError}
 */
export async function sendFile(file, { onShare, signal }) {
  const { Upload } = await client();
  const { promise, resolve, reject } = Promise.withResolvers();
  const upload = new Upload(file, {
    endpoint: '/api/uploads',
    retryDelays,
    removeFingerprintOnSuccess: true,
    metadata: { filename: file.name, filetype: file.type },
    // Where it is asked how much is there, tus-js-client takes any such answer for a no, and sends all bytes anew; after an error it waits.
    onAfterResponse: (request, answer) => {
      if (request.getMethod() === 'HEAD' && passes(answer.getStatus())) throw answered(answer);
    },
    onProgress: (sent, whole) => onShare(whole > 0 ? sent / whole : 0),
    onSuccess: ({ lastResponse }) => {
      signal.removeEventListener('abort', giveUp);
      resolve({ id: lastResponse.getHeader('X-Asset-Id'), known: lastResponse.getHeader('X-Asset-Created') === 'false' });
    },
    onError: (error) => reject(problemOf(error)),
  });
  function giveUp() {
    // What had come of it is let go of on the server, too.
    void upload.abort(true).catch(() => undefined);
    reject(signal.reason);
  }
  signal.addEventListener('abort', giveUp);
  const [before] = await upload.findPreviousUploads();
  if (before) upload.resumeFromPreviousUpload(before);
  if (!signal.aborted) upload.start();
  return promise;
}

/** @param {Error | import('tus-js-client').DetailedError} error */
function problemOf(error) {
  if ('causingError' in error && error.causingError instanceof ServerError) return error.causingError;
  if ('originalResponse' in error && error.originalResponse) return answered(error.originalResponse);
  return new ServerError({ title: 'The connection ended', detail: 'The connection ended before the file was through.' });
}

/** @param {import('tus-js-client').HttpResponse} answer */
function answered(answer) {
  const status = answer.getStatus();
  try {
    return new ServerError({ status, ...JSON.parse(answer.getBody()) });
  } catch {
    return new ServerError({ status, title: `The server answered ${status}` });
  }
}
