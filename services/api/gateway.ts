import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'moleculer';
import type { HealthAnswer } from '../../mixins/health.ts';
import { VitrailError } from '../contracts/errors.ts';
import { answer, answerProblem } from './answer.ts';
import { type Gatekeeper, refuseForeignPages } from './auth.ts';
import type { Idempotency } from './idempotency.ts';
import type { Live } from './live.ts';
import { type MediaOptions, sendMedia } from './media.ts';
import { sendPageFile } from './page.ts';
import type { PageFiles } from './page-files.ts';
import { failureOf } from './problem.ts';
import type { RateLimit } from './rate-limit.ts';
import { isTus, methodsAt, ownRoutes, takesBytes } from './routes.ts';
import { refuseOn } from './server.ts';
import type { Tus } from './tus/server.ts';
import { parseQuery, parseTarget, type Query, type Target } from './target.ts';

/** A request as the routes of moleculer-web find it. */
export interface GatewayRequest extends IncomingMessage {
  query?: Query;
  originalUrl?: string;
}

export interface GatewayOptions extends MediaOptions {
  guard: Gatekeeper;
  /** Refuses those who ask for it by a strange name. */
  named: Gatekeeper;
  /** What `/health` and `/ready` answer; undefined for other paths. */
  health(path: string): Promise<HealthAnswer | undefined>;
  page: PageFiles;
  /** moleculer-web: routes below /api. `next` is called for what it has no answer to. */
  routed(req: IncomingMessage, res: ServerResponse, next: () => void): unknown;
  tus: Tus;
  /** What is asked for once is done once. */
  once: Idempotency;
  /** Of requests to the API. */
  limit: RateLimit;
  live: Pick<Live, 'upgrade'>;
  newRequestID(): string;
  /** Where media may come from besides: `https://host`. */
  origins: readonly string[];
  logger: Logger;
}

export interface Gateway {
  request(req: IncomingMessage, res: ServerResponse): void;
  /** A connection that wants to speak WebSocket. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** A request's name in logs: a client's own where it can do no harm there. */
const sane = /^[\w.:+=-]{8,128}$/;

const sessionPath = `/api${ownRoutes.openSession.path}`;

/** What pages may do. `origins`: where their pictures and videos may come from besides. */
function securityHeaders(origins: readonly string[]): Map<string, string> {
  const own = ["'self'", ...origins].join(' ');
  return new Map([
    ['X-Content-Type-Options', 'nosniff'],
    ['X-Frame-Options', 'DENY'],
    ['Referrer-Policy', 'no-referrer'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    [
      'Content-Security-Policy',
      `default-src 'self'; img-src ${own} data: blob:; media-src ${own} blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    ],
  ]);
}

const notAllowed = (allow: string[]): VitrailError =>
  new VitrailError('method.not-allowed', `This address answers ${allow.join(', ')}.`, { allow });
const notFound = (): VitrailError =>
  new VitrailError('route.not-found', 'GET /api/openapi.json lists the addresses that there are.');

/**
 * What stands in front of moleculer-web: every request comes by here. Media are answered here, before any router, because their
 * number makes every microsecond count; health, because it has to answer even when the mesh does not.
 */
export function gateway(options: GatewayOptions): Gateway {
  const { guard, limit, live, logger, named, once, page, routed, health, tus } = options;
  const ofPages = securityHeaders(options.origins);
  const protect = (res: ServerResponse): void => void res.setHeaders(ofPages);

  async function answerHealth(req: IncomingMessage, res: ServerResponse, path: string): Promise<boolean> {
    const found = await health(path);
    if (!found) return false;
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };
    answer(req, res, found.status, headers, JSON.stringify(found.body));
    return true;
  }

  function answerRouted(req: GatewayRequest, res: ServerResponse, { path, search }: Target): void {
    // moleculer-web would read the query with `qs`, which makes objects of `a[b]=c`; nothing here takes any.
    req.query = parseQuery(search);
    req.originalUrl = req.url ?? path;
    req.url = path;
    routed(req, res, () => answerProblem(req, res, notFound(), { logger, requestID: requestIDOf(req) }));
  }

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = req;
    const target = parseTarget(req.url ?? '');
    const { path } = target;
    const isMedia = path.startsWith('/media/');
    const isApi = path === '/api' || path.startsWith('/api/');
    const file = isMedia ? undefined : await page.at(path);
    if (file) {
      if (method !== 'GET' && method !== 'HEAD') throw notAllowed(['GET', 'HEAD']);
      protect(res);
      sendPageFile(req, res, file);
      return;
    }
    if (isApi) await limit(req, (told) => res.setHeaders(new Map(Object.entries(told))));
    named(headers);
    // Whoever opens or ends a session has no key yet, or no more.
    if (isMedia || (isApi && path !== sessionPath)) guard(headers);
    const allow = isApi ? methodsAt(path) : ['GET', 'HEAD'];
    if (allow.length === 0) throw notFound();
    // OPTIONS among the rest: moleculer-web would run the action that the preflight only asks about.
    if (!allow.includes(method)) throw notAllowed(allow);
    if (isMedia) return sendMedia(req, res, target, options);
    protect(res);
    refuseForeignPages(method, headers);
    if (await answerHealth(req, res, path)) return;
    const carryOut = (): Promise<void> | void => (isTus(method, path) ? tus(req, res) : answerRouted(req, res, target));
    // A cookie is not kept for whoever sends the same again.
    return method === 'POST' && path !== sessionPath ? once(req, res, carryOut, { bytes: takesBytes(path) }) : carryOut();
  }

  async function takeOver(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { path } = parseTarget(req.url ?? '');
    if (path !== '/api/live') throw notFound();
    if (req.method !== 'GET') throw notAllowed(['GET']);
    await limit(req, () => undefined);
    named(req.headers);
    live.upgrade(req, socket, head);
  }

  function request(req: IncomingMessage, res: ServerResponse): void {
    const { headers } = req;
    delete headers['x-correlation-id'];
    const sent = headers['x-request-id'];
    if (typeof sent !== 'string' || !sane.test(sent)) delete headers['x-request-id'];
    handle(req, res).catch((error: unknown) => {
      // A request that failed here has no context, and so no name, yet.
      const requestID = (headers['x-request-id'] as string | undefined) ?? options.newRequestID();
      if (!res.headersSent) protect(res.setHeader('X-Request-ID', requestID));
      answerProblem(req, res, error, { logger, requestID });
    });
  }

  return {
    request,
    upgrade(req, socket, head) {
      // It may break before anybody else listens.
      socket.on('error', () => undefined);
      takeOver(req, socket, head).catch((error: unknown) => {
        const failure = failureOf(error);
        if (failure.unexpected) logger.error('A connection could not be taken over', error);
        refuseOn(socket, failure);
      });
    },
  };
}

/** The name that a request has got on its way through moleculer-web. */
export function requestIDOf(req: IncomingMessage): string | undefined {
  const { $ctx } = req as { $ctx?: { requestID?: string | null } };
  return $ctx?.requestID ?? undefined;
}
