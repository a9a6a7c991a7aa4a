// @ts-check
import { signal } from '@preact/signals';

/** Whether the server wants a key that it has not been given. */
export const locked = signal(false);

/** What a server said that went wrong, or that it said nothing. */
export class ServerError extends Error {
  /** @param {{ status?: number, code?: string, title: string, detail?: string | undefined }} problem RFC 9457, with the server's own code */
  constructor({ status = 0, code = '', title, detail }) {
    super(detail ?? title);
    this.title = title;
    this.status = status;
    this.code = code;
  }
}

/**
 * A good answer.
 * @param {string} path
 * @param {RequestInit} [init]
 * @throws {ServerError}
 */
export async function ask(path, init) {
  const answer = await fetch(path, init).catch((error) => {
    if (init?.signal?.aborted) throw error;
    throw new ServerError({
      title: 'The server does not answer',
      detail: 'No answer came: is the server running, and is this device online?',
    });
  });
  if (answer.ok) return answer;
  throw await problemOf(answer);
}

/** @param {Response} answer */
async function problemOf(answer) {
  if (answer.status === 401) locked.value = true;
  const { title = `The server answered ${answer.status}`, detail, code } = await answer.json().catch(() => ({}));
  return new ServerError({ status: answer.status, title, detail, code });
}

/**
 * The JSON that an address answers.
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
export const read = async (path, init) => (await ask(path, init)).json();

/**
 * Sends a change, with a body as JSON where there is one.
 * @param {'POST' | 'PUT' | 'PATCH' | 'DELETE'} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>} the JSON of the answer; undefined where it has none
 */
export async function send(method, path, body) {
  const json = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await ask(path, { method, ...json });
  return answer.status === 204 ? undefined : answer.json();
}

/**
 * Opens the server with a key: a cookie stands for it until the browser is closed, which scripts cannot read.
 * @param {string} key
 */
export async function unlock(key) {
  await send('POST', '/api/session', { key });
  locked.value = false;
}

/**
 * Calls for each of a list, so many at a time.
 * @template T
 * @param {Iterable<T>} list
 * @param {number} atOnce
 * @param {(item: T) => Promise<unknown>} work
 */
export async function each(list, atOnce, work) {
  const rest = [...list];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
