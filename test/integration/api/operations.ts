import { randomBytes } from 'node:crypto';

type Json = Record<string, unknown>;
export interface Operation {
  id: string;
  method: string;
  path: string;
  parameters: readonly Json[];
  /** The documented answers, by status, references followed. */
  responses: ReadonlyMap<number, Json>;
}

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/** What a document of OpenAPI says can be asked, and answered. */
export function operationsOf(document: Json): Operation[] {
  const follow = (node: Json): Json => {
    const ref = node['$ref'];
    if (typeof ref !== 'string') return node;
    return ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Json)[key], document) as Json;
  };
  return Object.entries(document['paths'] as Record<string, Record<string, Json>>).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([verb]) => verbs.includes(verb))
      .map(([verb, operation]) => ({
        id: operation['operationId'] as string,
        method: verb.toUpperCase(),
        path,
        parameters: (operation['parameters'] ?? []) as Json[],
        responses: new Map(
          Object.entries(operation['responses'] as Record<string, Json>).map(([status, response]) => [
            Number(status),
            follow(response),
          ]),
        ),
      })),
  );
}

export interface Sent {
  path: string;
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
}

/** What is named in paths, where it does not matter whether it is there. */
export interface Named {
  asset: string;
  upload: string;
  tag: string;
  enricher: string;
  variant: string;
}

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const tus = { 'tus-resumable': '1.0.0' };
const offsetStream = { 'content-type': 'application/offset+octet-stream' };

/** Bodies and headers that an operation cannot do without. */
function needed(id: string): Pick<Sent, 'headers' | 'body'> {
  const json = (body: unknown): Pick<Sent, 'headers' | 'body'> => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  switch (id) {
    case 'upload':
      return { headers: { 'content-type': 'image/jpeg' }, body: new Uint8Array(randomBytes(100)) };
    case 'uploads.create':
      return { headers: { ...tus, 'upload-length': '100', 'upload-metadata': `filename ${b64('a.jpg')}` } };
    case 'uploads.append':
      return { headers: { ...tus, ...offsetStream, 'upload-offset': '0' }, body: new Uint8Array(randomBytes(10)) };
    case 'uploads.offset':
    case 'uploads.terminate':
      return { headers: tus };
    case 'media.edit':
      return json({ title: 'A title' });
    case 'pipeline.setLane':
      return json({ paused: false });
    case 'tags.create':
      return json({ name: 'dog' });
    case 'tags.edit':
      return json({ parent: null });
    default:
      return { headers: {} };
  }
}

/** A request for an operation that nothing is wrong with. */
export function requestFor({ id, method, path }: Pick<Operation, 'id' | 'method' | 'path'>, named: Named): Sent {
  const ids = path.startsWith('/api/uploads') ? { id: named.upload } : { id: named.asset };
  const names: Record<string, string> = {
    ...ids,
    tag: named.tag,
    variant: named.variant,
    lane: 'backfill',
    name: path.includes('/tags/') ? named.tag : named.enricher,
  };
  return {
    method,
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? '')),
    ...needed(id),
  };
}
