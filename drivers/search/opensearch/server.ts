import { Client, errors } from '@opensearch-project/opensearch';
import { SearchError } from '../port.ts';
import { failureOf, refusalOf, type Said, unavailable } from './failures.ts';

export type Json = Record<string, unknown>;

export interface Ask {
  body?: Json;
  /** Lines of JSON, for `_bulk` and `_msearch`. */
  lines?: readonly string[];
  query?: Record<string, string | number | boolean>;
}

/** The server at an address. Every question ends within `timeoutMs`; credentials come in the address and stay in here. */
export class Server {
  #client: Client;
  #timeoutMs: number;

  /** @throws when the address is none */
  constructor({ url, timeoutMs }: { url: string; timeoutMs: number }) {
    this.#timeoutMs = timeoutMs;
    const address = addressOf(url);
    const { username, password } = address;
    address.username = '';
    address.password = '';
    this.#client = new Client({
      node: address.href,
      ...(username && { auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) } }),
      requestTimeout: timeoutMs,
      maxRetries: 0,
    });
  }

  /** @throws SearchError search.unavailable; Refusal */
  async ask<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, { body, lines, query }: Ask = {}): Promise<T> {
    const request = (): Promise<{ body: unknown }> =>
      this.#client.transport.request({
        method,
        path,
        ...(query && { querystring: query }),
        ...(body && { body }),
        ...(lines && { bulkBody: `${lines.join('\n')}\n` }),
      });
    try {
      // Whatever is asked may be asked twice. A connection that was open before the server started anew fails once.
      const answer = await request().catch((error: unknown) => {
        if (error instanceof errors.ConnectionError) return request();
        throw error;
      });
      return answer.body as T;
    } catch (error) {
      throw failureOf(error);
    }
  }

  /** Several searches at once. @throws SearchError search.unavailable; Refusal: of the first that was refused */
  async msearch<T>(index: string, searches: readonly Json[]): Promise<T[]> {
    const lines = searches.flatMap((search) => ['{"allow_partial_search_results":false}', JSON.stringify(search)]);
    const { responses } = await this.ask<{ responses: (T & { error?: Said; status: number })[] }>('POST', `/${index}/_msearch`, {
      lines,
    });
    for (const { error, status } of responses) if (error) throw refusalOf(error, status);
    return responses;
  }

  /** What takes several questions, in the time of one. @throws SearchError search.unavailable */
  async inTime<T>(work: () => Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(unavailable('does not answer in time')), this.#timeoutMs);
    try {
      return await Promise.race([work(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

function addressOf(url: string): URL {
  const address = URL.parse(url);
  // The address is not repeated: it may hold a password.
  if (!address || !['http:', 'https:'].includes(address.protocol))
    throw new Error('the address of the search server must be an http:// or https:// URL');
  return address;
}

export const isUnavailable = (error: unknown): boolean => error instanceof SearchError && error.code === 'search.unavailable';
