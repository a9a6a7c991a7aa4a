// @ts-check
import { ServerError } from '../server.js';

/** @typedef {import('../types.d.ts').Asset} Asset */

/**
 * Sends a file, and gives the asset that it became.
 * @param {File} file
 * @param {{ onShare: (share: number) => void, signal: AbortSignal }} options share: of the bytes, 0–1
 * @returns {Promise<{ asset: Asset, known: boolean }>} known: the same bytes were there already
 * @throws {ServerError}
 */
export function sendFile(file, { onShare, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/assets?${new URLSearchParams({ filename: file.name })}`);
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onShare(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status < 300) resolve({ asset: request.response, known: request.status === 200 });
      else
        reject(new ServerError({ title: `The server answered ${request.status}`, status: request.status, ...request.response }));
    };
    request.onerror = () =>
      reject(new ServerError({ title: 'The connection ended', detail: 'The connection ended before the file was through.' }));
    signal.addEventListener('abort', () => {
      request.abort();
      reject(signal.reason);
    });
    request.send(file);
  });
}
