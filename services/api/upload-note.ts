import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { parseParams } from '../../mixins/implement.ts';
import type { Note } from '../../mixins/intake.ts';
import { AssetEdit, Origin, originOf } from '../contracts/asset.ts';
import { VitrailError } from '../contracts/errors.ts';
import { filenameOf, recoded } from './content-disposition.ts';
import type { Query } from './target.ts';

/** Fields that may come with a file. */
const editable = ['title', 'description', 'tags', 'rating'] as const;
type Edit = z.output<typeof AssetEdit>;

/** What was said beside a file: texts, each perhaps several times. */
export type Fields = ReadonlyMap<string, readonly string[]>;

const refuse = (path: string, message: string): VitrailError =>
  new VitrailError('params.invalid', `${path}: ${message}`, { issues: [{ path, message }] });

/** Tags as people and programs send them: `a, b`, the field repeated, or `["a","b"]`. */
function tagsOf(values: readonly string[]): unknown[] {
  return values.flatMap((value) => {
    if (!value.trimStart().startsWith('[')) return value.split(',').filter((tag) => tag.trim() !== '');
    try {
      return JSON.parse(value) as unknown[];
    } catch {
      throw refuse('tags', 'neither a list of words nor JSON');
    }
  });
}

/**
 * The edit that fields ask for; nothing where there are none.
 * @throws params.invalid for a field that is unknown, given twice or unfit
 */
export function editOf(fields: Fields): Edit | undefined {
  if (fields.size === 0) return undefined;
  const edit = [...fields].map(([name, values]) => {
    const [value = '', ...more] = values;
    if (name === 'tags') return [name, tagsOf(values)] as const;
    if (!(editable as readonly string[]).includes(name)) throw refuse(name, `no such field; there are ${editable.join(', ')}`);
    if (more.length > 0) throw refuse(name, 'given more than once');
    if (name === 'rating') return [name, /^\d$/.test(value.trim()) ? Number(value) : value] as const;
    return [name, value] as const;
  });
  return parseParams(AssetEdit, Object.fromEntries(edit));
}

/** With what a request says that it comes. @throws params.invalid */
export function originOfHead(headers: IncomingHttpHeaders): Origin {
  const { 'x-session-id': session, 'x-client-id': client } = headers;
  return parseParams(Origin, { session, client });
}

/** What ingest is told of a file besides its bytes. @throws params.invalid */
export function noteOf(filename: string, type: string | undefined, fields: Fields, origin: Origin): Note {
  const edit = editOf(fields);
  return {
    filename: filename.slice(-4096),
    ...(type !== undefined && { declaredType: type.slice(0, 255) }),
    ...(edit && { edit }),
    ...originOf(origin),
    lane: 'interactive',
  };
}

/** The fields in the query of a raw upload. */
export const fieldsOf = (query: Query): Fields =>
  new Map(
    Object.entries(query).flatMap(([name, value]) =>
      name === 'filename' ? [] : [[name, typeof value === 'string' ? [value] : value] as const],
    ),
  );

/** The name of a raw upload: from the query, `Content-Disposition` or `X-Filename` (percent-encoded, or as it is). */
export function rawFilename(query: Query, headers: IncomingHttpHeaders): string {
  const asked = query.filename;
  const own = headers['x-filename'];
  return (
    (typeof asked === 'string' ? asked : asked?.[0]) ??
    filenameOf(headers['content-disposition']) ??
    (typeof own === 'string' ? decoded(recoded(own)) : 'unnamed')
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
