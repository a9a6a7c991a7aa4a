import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Context, Service, ServiceSchema } from 'moleculer';
import ApiGateway from 'moleculer-web';
import { configOf } from '../../config/ports.ts';
import { readyWhen } from '../../mixins/readiness.ts';
import { type Upkeep, upkeep } from '../../mixins/upkeep.ts';
import { events } from '../contracts/event.ts';
import { actionAnswer, type ActionRequest, preconditionOf } from './action-answer.ts';
import { announce } from './address.ts';
import { answerProblem } from './answer.ts';
import { type EventHub, eventHub } from './event-hub.ts';
import { type Front, openFront } from './front.ts';
import { requestIDOf } from './gateway.ts';
import {
  type HandlingService,
  refusePlain,
  type RoutedRequest,
  sendEvents,
  sendOpenapi,
  startSession,
  takeBody,
  upload,
} from './own-handlers.ts';
import { pageFiles } from './page-files.ts';
import type { Told } from './rooms.ts';
import { actionAliases, aliases, ownRoutes, routeOfAction, unoffered } from './routes.ts';
import { closeServer, listen, openServer } from './server.ts';
import { endSession } from './session.ts';
import { sse } from './sse.ts';

interface ApiService extends Service, HandlingService {
  broker: Service['broker'];
  http: Server;
  hub: EventHub;
  front: Front;
  upkeep: Upkeep;
  /** moleculer-web's own. */
  httpHandler(req: IncomingMessage, res: ServerResponse, next: () => void): unknown;
}
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

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

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
    this.release = version;
  },

  async started(this: ApiService) {
    const { broker, logger } = this;
    const { host, port, reconcileSeconds } = configOf(broker);
    this.front = openFront({
      broker,
      logger,
      hub: this.hub,
      version,
      page: await pageFiles(root),
      routed: (req, res, next) => this.httpHandler(req, res, next),
    });
    this.upkeep = upkeep({
      logger,
      everyMs: reconcileSeconds * 1000,
      round: async () => ({ keys: await this.front.answers.sweep() }),
    });
    this.http = openServer(this.front.request, this.front.upgrade);
    readyWhen(broker, () => unoffered(broker));
    announce(broker, host, await listen(this.http, port, host));
  },

  events: {
    async '$broker.started'(this: ApiService) {
      await this.upkeep.begin();
    },
  },

  async stopped(this: ApiService) {
    await this.upkeep.end();
    this.hub.close();
    this.front.live.close();
    await closeServer(this.http, configOf(this.broker).graceSeconds * 1000);
  },
} satisfies GatewaySchema;
