import type { ServiceBroker } from 'moleculer';
import { z } from 'zod';
import type { Action, Method } from '../contracts/contract.ts';
import { ingest } from '../contracts/ingest.ts';
import { media } from '../contracts/media.ts';
import { nodes } from '../contracts/nodes.ts';
import { pipeline } from '../contracts/pipeline.ts';
import { search } from '../contracts/search.ts';
import { tags } from '../contracts/tags.ts';

/** An address below `/api`, path parameters as `:name`. */
export interface Route {
  method: Method | 'HEAD' | 'OPTIONS';
  path: string;
}
export interface ActionRoute extends Route {
  method: Method;
  action: Action;
}

const contracts: readonly Record<string, Action>[] = [media, tags, search, pipeline, ingest, nodes];

function routeOf(action: Action): ActionRoute[] {
  if (action.rest === undefined) return [];
  const [method = '', path = ''] = action.rest.split(' ');
  return [{ method: method as Method, path, action }];
}

/** The actions that contracts publish, and no others: what else a service can do has no address. */
export const actionRoutes: readonly ActionRoute[] = contracts.flatMap((contract) => Object.values(contract)).flatMap(routeOf);

const byName = new Map(actionRoutes.map((route) => [route.action.name, route]));

/** The route of a published action. */
export function routeOfAction(name: string): ActionRoute {
  const route = byName.get(name);
  if (!route) throw new Error(`no contract publishes an action ${name}`);
  return route;
}

/** Whether an action heeds `If-Match`: it has a parameter for it. */
export const takesIfMatch = ({ params }: Action): boolean => params instanceof z.ZodObject && 'ifMatch' in params.shape;

/** What the gateway answers itself, because bytes or an open connection are involved. */
export const ownRoutes = {
  upload: { method: 'POST', path: '/assets' },
  events: { method: 'GET', path: '/events' },
  openSession: { method: 'POST', path: '/session' },
  endSession: { method: 'DELETE', path: '/session' },
  live: { method: 'GET', path: '/live' },
  openapi: { method: 'GET', path: '/openapi.json' },
} as const satisfies Record<string, Route>;

/** What the tus server answers, before any router: HEAD and OPTIONS are its own there. */
const tusRoutes: readonly Route[] = [
  ...(['OPTIONS', 'POST'] as const).map((method) => ({ method, path: '/uploads' })),
  ...(['OPTIONS', 'HEAD', 'PATCH', 'DELETE'] as const).map((method) => ({ method, path: '/uploads/:id' })),
];
export const isTus = (method: string, path: string): boolean =>
  method !== 'GET' && (path === '/api/uploads' || path.startsWith('/api/uploads/'));

/** Where the body of a POST is bytes of a file. */
export const takesBytes = (path: string): boolean => /^\/api\/(assets|uploads)\/?$/.test(path);

const all: readonly Route[] = [...actionRoutes, ...Object.values(ownRoutes), ...tusRoutes];

/** Every GET answers HEAD, too (RFC 9110, 9.1). */
const methodsOf = ({ method }: Route): readonly Route['method'][] => (method === 'GET' ? ['GET', 'HEAD'] : [method]);

/** For moleculer-web: `GET /assets/:id` leads to what is given for it. */
export const aliases = <T>(routes: readonly Route[], to: T): Record<string, T> =>
  Object.fromEntries(routes.flatMap((route) => methodsOf(route).map((method) => [`${method} ${route.path}`, to])));

export const actionAliases = (): Record<string, string> =>
  Object.assign({}, ...actionRoutes.map((route) => aliases([route], route.action.name))) as Record<string, string>;

const patterns = all.map((route) => ({
  route,
  pattern: new RegExp(`^/api${route.path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}/?$`),
}));

/** The methods that an address answers; none where there is nothing. */
export function methodsAt(path: string): string[] {
  return [...new Set(patterns.filter(({ pattern }) => pattern.test(path)).flatMap(({ route }) => methodsOf(route)))].sort();
}

const serviceOf = (action: string): string => action.slice(0, action.indexOf('.'));

/** Services with published actions that no node of the mesh hosts now, and actions that those that are there lack; in words for people. */
export function unoffered({ registry }: ServiceBroker): string[] {
  const offered = new Set(registry.getActionList({ onlyAvailable: true, skipInternal: true }).map(({ name }) => name));
  const hosted = new Set([...offered].map(serviceOf));
  const lacking = actionRoutes.map(({ action }) => action.name).filter((name) => !offered.has(name));
  const reasons = lacking.map((name) =>
    hosted.has(serviceOf(name)) ? `action ${name}: no node offers it` : `service ${serviceOf(name)}: no node hosts it`,
  );
  return [...new Set(reasons)];
}
