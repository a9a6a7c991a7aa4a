import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { VitrailError } from '../contracts/errors.ts';
import { sessions } from './session.ts';

/** Refuses requests by their headers. */
export type Gatekeeper = (headers: IncomingHttpHeaders) => void;

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();

/** The key that a request sends, valid or not. */
export function keyOf(headers: IncomingHttpHeaders): string | undefined {
  const [, bearer] = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  const own = headers['x-api-key'];
  return bearer ?? (typeof own === 'string' ? own : undefined);
}

/**
 * Lets those through who send one of the keys, as `Authorization: Bearer …` (RFC 6750) or `X-API-Key`, or without a key the cookie of
 * a session; everybody, where there are no keys. Compared are hashes, all of them every time, so that time tells nothing. Only hashes are kept.
 * @throws request.unauthorized
 */
export function gatekeeper(keys: readonly string[]): Gatekeeper {
  const digests = keys.map(digest);
  const isSession = sessions(keys);
  if (digests.length === 0) return () => undefined;
  return (headers) => {
    const key = keyOf(headers);
    if (key === undefined && isSession(headers.cookie)) return;
    const sent = digest(key ?? '');
    const fits = digests.map((known) => timingSafeEqual(known, sent)).includes(true);
    if (key === undefined || !fits) {
      throw new VitrailError(
        'request.unauthorized',
        'Send a key as Authorization: Bearer … or X-API-Key; VITRAIL_API_KEYS holds those that are valid.',
      );
    }
  };
}

/**
 * Keeps pages of other sites from reading a server that asks for no key, under a name of theirs that they have lead to it (DNS rebinding):
 * the browser takes them for its own pages then. Answered are addresses, names that nobody can have on the internet because they have
 * no dot, such as localhost, and the names given.
 * @throws request.misdirected
 */
export function hostGuard(names: readonly string[]): Gatekeeper {
  const known = new Set(names);
  return ({ host }) => {
    // A browser always sends one.
    if (host === undefined || host === '') return;
    const hostname = URL.parse(`http://${host}`)?.hostname ?? '.';
    const isAddress = isIP(hostname.replaceAll(/^\[|\]$/g, '')) !== 0;
    if (isAddress || !hostname.includes('.') || hostname.endsWith('.localhost') || known.has(hostname)) return;
    throw new VitrailError(
      'request.misdirected',
      'Ask for this server by its address or localhost; VITRAIL_HOST_NAMES holds other names, and with VITRAIL_API_KEYS any name will do.',
    );
  };
}

/**
 * Keeps pages of other sites from changing things through the browser of somebody who can reach this server. Browsers say where
 * a request comes from; other clients do not, and are let through.
 * @throws request.cross-origin
 */
export function refuseForeignPages(method: string, headers: IncomingHttpHeaders): void {
  if (method === 'GET' || method === 'HEAD') return;
  const site = headers['sec-fetch-site'];
  const foreign = site === undefined ? isForeign(headers) : site !== 'same-origin' && site !== 'none';
  if (foreign) throw new VitrailError('request.cross-origin', 'Pages of other origins may not change anything here.');
}

function isForeign({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
