import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Context, ServiceBroker } from 'moleculer';
import { configOf } from '../../config/ports.ts';
import { catalogOf } from '../../mixins/catalog.ts';
import { parseParams } from '../../mixins/implement.ts';
import { takeIn } from '../../mixins/intake.ts';
import { VitrailError } from '../contracts/errors.ts';
import { answer } from './answer.ts';
import type { Gatekeeper } from './auth.ts';
import { noneMatchHolds } from './conditional.ts';
import type { GatewayRequest } from './gateway.ts';
import { readJsonObject } from './json-body.ts';
import { openapi } from './openapi.ts';
import { RoomsQuery } from './rooms.ts';
import { openSession } from './session.ts';
import type { Sse } from './sse.ts';
import { receiveUpload } from './upload.ts';

export type RoutedRequest = GatewayRequest & { $ctx: Context; body?: object };
type Next = (error?: unknown) => void;

/** What handlers need of the service that they belong to. */
export interface HandlingService {
  broker: ServiceBroker;
  sse: Sse;
  front: { guard: Gatekeeper };
  /** Made again when the catalog changes. */
  document: { from: string; json: string; etag: string } | undefined;
  errorHandler(req: RoutedRequest, res: ServerResponse, error: unknown): void;
  /** The version of Vitrail. */
  release: string;
}
export type Handler = (this: HandlingService, req: RoutedRequest, res: ServerResponse, next: Next) => void;

/** Reads JSON before an action, unless it has been read on the way here; the content of a GET means nothing (RFC 9110, 9.3.1). */
export const takeBody: Handler = (req, _res, next) => {
  if (req.body || req.method === 'GET' || req.method === 'HEAD') {
    next();
    return;
  }
  readJsonObject(req).then((body) => {
    if (body) req.body = body;
    next();
  }, next);
};

export const upload: Handler = function (req, res) {
  const { maxUpload, uploadIdleSeconds } = configOf(this.broker);
  receiveUpload(req, res, req.query ?? {}, {
    takeIn: (source, note, options) => takeIn(req.$ctx, source, note, options),
    maxBytes: maxUpload,
    idleMs: uploadIdleSeconds * 1000,
    // Not by `next`: moleculer-web passes failures over once the client has gone.
  }).catch((error: unknown) => this.errorHandler(req, res, error));
};

export const sendEvents: Handler = function (req, res) {
  const { rooms, since } = parseParams(RoomsQuery, req.query);
  const { 'last-event-id': last } = req.headers;
  this.sse(req, res, { rooms, since: typeof last === 'string' ? last : since });
};

export const refusePlain: Handler = (_req, _res, next) => {
  next(new VitrailError('request.upgrade', 'Connect by WebSocket with the subprotocol vitrail.v1.'));
};

export const startSession: Handler = function (req, res, next) {
  openSession(req, res, (key) => this.front.guard({ 'x-api-key': key })).catch(next);
};

export const sendOpenapi: Handler = function (req, res) {
  const catalog = catalogOf(this.broker);
  const from = catalog.hash();
  if (this.document?.from !== from) {
    const guarded = configOf(this.broker).apiKeys.length > 0;
    const json = JSON.stringify(openapi({ manifests: catalog.manifests(), version: this.release, guarded }));
    this.document = { from, json, etag: `"${createHash('sha256').update(json).digest('base64url')}"` };
  }
  const { json, etag } = this.document;
  const headers = { 'Cache-Control': 'no-cache', ETag: etag };
  if (noneMatchHolds(req.headers['if-none-match'], etag)) res.writeHead(304, headers).end();
  else answer(req, res, 200, { ...headers, 'Content-Type': 'application/json; charset=utf-8' }, json);
};
