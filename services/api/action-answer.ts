import { Asset } from '../contracts/asset.ts';
import { VitrailError } from '../contracts/errors.ts';
import { noneMatchHolds, revsMatched, revTag } from './conditional.ts';
import { type ActionRoute, takesIfMatch } from './routes.ts';

/** What a request to an action says besides its parameters. */
export interface ActionRequest {
  method: string;
  /** The address with its query, as it came. */
  url: string;
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
}

/** What goes out for the result of an action. */
export interface ActionAnswer {
  status?: number;
  headers: Record<string, string>;
  /** Of what was made. */
  location?: string;
  data: unknown;
}

/**
 * What a request asks of an asset's revision, as a parameter of its action.
 * @throws request.malformed; params.invalid where it stands among the parameters
 */
export function preconditionOf(
  action: ActionRoute['action'],
  { ifMatch }: Pick<ActionRequest, 'ifMatch'>,
  params: Readonly<Record<string, unknown>>,
): { ifMatch?: number[] } {
  if (!takesIfMatch(action)) return {};
  if ('ifMatch' in params) {
    const message = 'send it as the header If-Match';
    throw new VitrailError('params.invalid', `ifMatch: ${message}`, { issues: [{ path: 'ifMatch', message }] });
  }
  const revs = revsMatched(ifMatch);
  return revs === undefined ? {} : { ifMatch: revs };
}

/** The same address with another cursor (RFC 8288): where the next page of a list is. */
function nextPage(url: string, cursor: string): string {
  const [path = '', search = ''] = url.split('?', 2);
  const query = new URLSearchParams(search);
  query.set('cursor', cursor);
  return `<${path}?${query.toString()}>; rel="next"`;
}

const member = (data: unknown, name: string): unknown =>
  typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[name] : undefined;

/** An action's result with the headers that it gives rise to: of one asset its ETag, of a page of a list the address of the next. */
export function actionAnswer({ action }: Pick<ActionRoute, 'action'>, request: ActionRequest, data: unknown): ActionAnswer {
  const next = member(data, 'next');
  const name = member(data, 'name');
  const headers = {
    'Cache-Control': 'no-store',
    ...(typeof next === 'string' && request.method !== 'POST' && { Link: nextPage(request.url, next) }),
  };
  if (data === undefined || data === null) return { status: 204, headers, data };
  if (action.status === 201 && typeof name === 'string') {
    return { headers, location: `${request.url.split('?', 1)[0] ?? ''}/${encodeURIComponent(name)}`, data };
  }
  if (action.result !== Asset) return { headers, data };
  const etag = revTag((data as Asset).rev);
  // To be kept by the one who asked, and asked about each time.
  const kept = { 'Cache-Control': 'private, no-cache', ETag: etag };
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && noneMatchHolds(request.ifNoneMatch, etag)
    ? { status: 304, headers: kept, data: undefined }
    : { headers: kept, data };
}
