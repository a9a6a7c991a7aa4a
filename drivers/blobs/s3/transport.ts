import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { ClientOptions } from 'minio';

/** A failure that may be over in a moment, with a word for what happened: `stalled`, `answered 503`. */
export class Passing extends Error {
  readonly word: string;
  constructor(word: string) {
    super(word);
    this.word = word;
  }
}

export const stalled = 'stalled';

/** Answers that say nothing but "not now". Their bodies are not waited for, and the connection is given up: it may lead to a sick server. */
const isBusy = (status = 0): boolean => status === 408 || status === 429 || (status >= 500 && status !== 501);

type OnResponse = (response: IncomingMessage) => void;

/**
 * HTTP for the client, which sets no time limits itself. A request on whose connection nothing has moved for `stallMs`, bytes sent
 * included, fails; so does one that the server is too busy for.
 */
export function transport(secure: boolean, stallMs: number): NonNullable<ClientOptions['transport']> {
  const { request } = secure ? https : http;
  const watched = (options: RequestOptions, onResponse: OnResponse): ClientRequest => {
    let response: IncomingMessage | undefined;
    const sent = request({ ...options, timeout: stallMs }, (answer) => {
      response = answer;
      if (isBusy(answer.statusCode)) sent.destroy(new Passing(`answered ${answer.statusCode}`));
      else onResponse(answer);
    });
    sent.on('timeout', () => (response ?? sent).destroy(new Passing(stalled)));
    return sent;
  };
  return { request: watched as typeof http.request };
}
