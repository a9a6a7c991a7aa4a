import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Context, Service, ServiceSchema } from 'moleculer';
import ApiGateway from 'moleculer-web';
import { configOf, portsOf } from '../../config/ports.ts';
import { catalogOf } from '../../mixins/catalog.ts';
import { healthAnswer } from '../../mixins/health.ts';
import { parseParams } from '../../mixins/implement.ts';
import { takeIn } from '../../mixins/intake.ts';
import { readyWhen } from '../../mixins/readiness.ts';
import { call } from '../contracts/contract.ts';
import { VitrailError } from '../contracts/errors.ts';
import { events } from '../contracts/event.ts';
import { ingest } from '../contracts/ingest.ts';
import { media } from '../contracts/media.ts';
import { actionAnswer, type ActionRequest, preconditionOf } from './action-answer.ts';
import { announce } from './address.ts';
import { answer, answerProblem } from './answer.ts';
import { type Gatekeeper, gatekeeper } from './auth.ts';
import { noneMatchHolds } from './conditional.ts';
import { type EventHub, eventHub } from './event-hub.ts';
import { gateway, type GatewayRequest, requestIDOf } from './gateway.ts';
import { hotBlobs } from './hot-blobs.ts';
import { readJsonObject } from './json-body.ts';
import { type Live, openLive } from './live.ts';
import { openapi } from './openapi.ts';
import { pageFiles } from './page-files.ts';
import { RoomsQuery, type Told } from './rooms.ts';
import { actionAliases, aliases, ownRoutes, routeOfAction, unoffered } from './routes.ts';
import { closeServer, listen, openServer } from './server.ts';
import { endSession, openSession } from './session.ts';
import { type Sse, sse } from './sse.ts';
import { openTus } from './tus/server.ts';
import { receiveUpload } from './upload.ts';

interface ApiService extends Service {
  http: Server;
  hub: EventHub;
  guard: Gatekeeper;
  sse: Sse;
  live: Live;
  /** Made again when the catalog changes. */
  document: { from: string; json: string; etag: string } | undefined;
  /** moleculer-web's own. */
  httpHandler(req: IncomingMessage, res: ServerResponse, next: () => void): unknown;
}
type RoutedRequest = GatewayRequest & { $ctx: Context; body?: object };
/** What Moleculer's types leave out: settings of moleculer-web, and `merged`, which is called with the schema once mixins are in. */
type GatewaySchema = ServiceSchema<Record<string, unknown>, Record<string, unknown>, Record<string, unknown>, ApiService> & {
  merged(schema: ServiceSchema): void;
};
/** As moleculer-web hands it to the hooks around an action. */
interface CalledRequest extends RoutedRequest {
  $params: Record<string, unknown>;
  $action: { name: string };
}
interface AnswerMeta {
  $statusCode?: number;
  $location?: string;
  $responseHeaders?: Record<string, string>;
}
const toActionRequest = ({ method = 'GET', originalUrl = '', headers }: CalledRequest): ActionRequest => ({
  method,
  url: originalUrl,
  ifMatch: headers['if-match'],
  ifNoneMatch: headers['if-none-match'],
});
type Next = (error?: unknown) => void;
type Handler = (this: ApiService, req: RoutedRequest, res: ServerResponse, next: Next) => void;

/** Files up to 1 MiB, which is nearly every variant, are sent in one go, and those asked for of late kept in memory. */
const hot = { wholeBytes: 1024 * 1024, maxBytes: 32 * 1024 * 1024 };

/** A large file that came in parts is copied once before it is looked at. */
const finishMs = 3600 * 1000;

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const takeBody: Handler = (req, _res, next) => {
  readJsonObject(req).then((body) => {
    if (body) req.body = body;
    next();
  }, next);
};

const upload: Handler = function (req, res, next) {
  const { maxUpload, uploadIdleSeconds } = configOf(this.broker);
  receiveUpload(req, res, req.query ?? {}, {
    takeIn: (source, note, options) => takeIn(req.$ctx, source, note, options),
    maxBytes: maxUpload,
    idleMs: uploadIdleSeconds * 1000,
  }).catch(next);
};

const sendEvents: Handler = function (req, res) {
  const { rooms, since } = parseParams(RoomsQuery, req.query);
  const { 'last-event-id': last } = req.headers;
  this.sse(req, res, { rooms, since: typeof last === 'string' ? last : since });
};

const refusePlain: Handler = (_req, _res, next) => {
  next(new VitrailError('request.upgrade', 'Connect by WebSocket with the subprotocol vitrail.v1.'));
};

const sendOpenapi: Handler = function (req, res) {
  const catalog = catalogOf(this.broker);
  const from = catalog.hash();
  if (this.document?.from !== from) {
    const guarded = configOf(this.broker).apiKeys.length > 0;
    const json = JSON.stringify(openapi({ manifests: catalog.manifests(), version, guarded }));
    this.document = { from, json, etag: `"${createHash('sha256').update(json).digest('base64url')}"` };
  }
  const { json, etag } = this.document;
  const headers = { 'Cache-Control': 'no-cache', ETag: etag };
  if (noneMatchHolds(req.headers['if-none-match'], etag)) res.writeHead(304, headers).end();
  else answer(req, res, 200, { ...headers, 'Content-Type': 'application/json; charset=utf-8' }, json);
};

const startSession: Handler = function (req, res, next) {
  openSession(req, res, (key) => this.guard({ 'x-api-key': key })).catch(next);
};

const common = {
  path: '/api',
  mappingPolicy: 'restrict',
  bodyParsers: false,
  logging: false,
  pathToRegexpOptions: { sensitive: true },
};

/** The way in over HTTP: REST, uploads, media, events and the page. */
export default {
  name: 'api',
  mixins: [ApiGateway],

  settings: {
    // The server is ours: see gateway.ts for what comes before moleculer-web's routes.
    server: false,
    logRequest: null,
    logRequestParams: null,
    logResponse: null,
    logRouteRegistration: null,
    routes: [
      {
        ...common,
        name: 'actions',
        aliases: actionAliases(),
        use: [takeBody],
        onBeforeCall(_ctx: Context, _route: unknown, req: CalledRequest) {
          const { action } = routeOfAction(req.$action.name);
          Object.assign(req.$params, preconditionOf(action, toActionRequest(req), req.$params));
        },
        onAfterCall(ctx: Context<unknown, AnswerMeta>, _route: unknown, req: CalledRequest, _res: unknown, result: unknown) {
          const { status, headers, location, data } = actionAnswer(routeOfAction(req.$action.name), toActionRequest(req), result);
          if (status !== undefined) ctx.meta.$statusCode = status;
          if (location !== undefined) ctx.meta.$location = location;
          ctx.meta.$responseHeaders = headers;
          return data;
        },
      },
      {
        ...common,
        name: 'own',
        aliases: {
          ...aliases([ownRoutes.upload], upload),
          ...aliases([ownRoutes.events], sendEvents),
          ...aliases([ownRoutes.live], refusePlain),
          ...aliases([ownRoutes.openapi], sendOpenapi),
          ...aliases([ownRoutes.openSession], startSession),
          ...aliases([ownRoutes.endSession], endSession),
        },
      },
    ],
    // Settings travel to the other nodes.
    $secureSettings: ['routes', 'port', 'ip'],
  },

  // Of no use to anybody, and of some to an intruder.
  actions: { listAliases: false, addRoute: false, removeRoute: false },

  methods: {
    /** moleculer-web's hook for what was thrown on the way. */
    errorHandler(this: ApiService, req: IncomingMessage, res: ServerResponse, error: unknown) {
      answerProblem(req, res, error, { logger: this.logger, requestID: requestIDOf(req) });
    },
  },

  /** Every gateway hears every event: a group is where only one of several listeners is told. */
  merged(this: Service, schema: ServiceSchema) {
    const group = `api:${this.broker.nodeID}`;
    const listeners = Object.values(events).map(({ name }) => [
      name,
      {
        group,
        handler(this: ApiService, ctx: Context<Told>) {
          this.hub.tell(name, ctx.params);
        },
      },
    ]);
    schema.events = { ...schema.events, ...Object.fromEntries(listeners) } as NonNullable<ServiceSchema['events']>;
  },

  created(this: ApiService) {
    this.hub = eventHub();
    this.sse = sse(this.hub);
  },

  async started(this: ApiService) {
    const { broker, logger } = this;
    const { apiKeys, host, maxUpload, port, uploadExpirySeconds, uploadIdleSeconds } = configOf(broker);
    const { blobs } = portsOf(broker);
    const guard = (this.guard = gatekeeper(apiKeys));
    this.live = openLive({ hub: this.hub, guard });
    const { request, upgrade } = gateway({
      guard,
      live: this.live,
      guarded: apiKeys.length > 0,
      logger,
      blobs,
      hot: hotBlobs({ blobs, ...hot }),
      locate: (wish) => call(broker, media.locate, wish),
      page: await pageFiles(root),
      tus: openTus({
        blobs,
        maxBytes: maxUpload,
        idleMs: uploadIdleSeconds * 1000,
        expiryMs: uploadExpirySeconds * 1000,
        open: (upload) => call(broker, ingest.open, upload),
        find: (id) => call(broker, ingest.resumable, { id }),
        append: (uploadId, offset, part) => call(broker, ingest.append, { uploadId, offset, part }),
        finish: (uploadId) => call(broker, ingest.finish, { uploadId }, { timeout: finishMs }),
        terminate: (uploadId) => call(broker, ingest.terminate, { uploadId }),
      }),
      health: (path) => healthAnswer(path, broker, version),
      routed: (req, res, next) => this.httpHandler(req, res, next),
      newRequestID: () => broker.generateUid(),
    });
    this.http = openServer(request, upgrade);
    readyWhen(broker, () => unoffered(broker));
    announce(broker, host, await listen(this.http, port, host));
  },

  async stopped(this: ApiService) {
    this.hub.close();
    this.live.close();
    await closeServer(this.http, configOf(this.broker).graceSeconds * 1000);
  },
} satisfies GatewaySchema;
