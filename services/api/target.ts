import { VitrailError } from '../contracts/errors.ts';

export type Query = Record<string, string | string[]>;

/** Where a request goes: the path as it came, and the query's parameters, those given more than once as a list. */
export interface Target {
  path: string;
  search: string;
}

const maxParameters = 100;

/**
 * Splits a request's target (RFC 9112, 3.2.1) and refuses what no address of ours can be: percent-encoding that cannot be decoded,
 * control characters and, but in names of tags, slashes or backslashes in disguise.
 * @throws request.malformed
 */
export function parseTarget(url: string): Target {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  // Nearly every address is plain.
  if (!/^\/[\w\-./:~]*$/.test(path)) refuseOdd(path);
  return { path, search: mark === -1 ? '' : url.slice(mark + 1) };
}

function refuseOdd(path: string): void {
  const odd = (): VitrailError =>
    new VitrailError(
      'request.malformed',
      'The address has to begin with / and to be plain percent-encoded UTF-8, without control characters or encoded slashes.',
    );
  if (!path.startsWith('/')) throw odd();
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw odd();
  }
  if (/\p{Cc}/u.test(decoded)) throw odd();
  // The name of a tag is no file's: the path is taken apart first and decoded after.
  const named = /^\/api\/(assets\/\w+\/)?tags\/[^/\\]+$/.test(path);
  if (!named && (decoded.includes('\\') || /%2f/i.test(path))) throw odd();
}

/**
 * The parameters of a query. `tags[$ne]=x` is a parameter of just that name, which nothing knows: objects cannot be sent here.
 * @throws request.malformed for too many
 */
export function parseQuery(search: string): Query {
  const query: Query = Object.create(null) as Query;
  if (search === '') return query;
  let count = 0;
  for (const [name, value] of new URLSearchParams(search)) {
    if (++count > maxParameters)
      throw new VitrailError('request.malformed', `The query has more than ${maxParameters} parameters.`);
    const before = query[name];
    if (before === undefined) query[name] = value;
    else if (typeof before === 'string') query[name] = [before, value];
    else before.push(value);
  }
  return query;
}
