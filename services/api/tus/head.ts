import type { IncomingHttpHeaders } from 'node:http';
import { Metadata, TUS_RESUMABLE } from '@tus/server';
import type { Note } from '../../../mixins/intake.ts';
import type { Origin } from '../../contracts/asset.ts';
import { VitrailError } from '../../contracts/errors.ts';
import { noteOf, originOfHead } from '../upload-note.ts';

const malformed = (detail: string): VitrailError => new VitrailError('request.malformed', detail);

/** A header of digits: bytes. */
function bytesIn(headers: IncomingHttpHeaders, name: 'upload-length' | 'upload-offset'): number {
  const value = Number(headers[name]);
  if (!/^\d{1,15}$/.test(String(headers[name]))) throw malformed(`${name} has to say a number of bytes.`);
  return value;
}

/** Longest Upload-Metadata, in characters. */
const maxMetadata = 8192;

/**
 * Refuses what is no request of tus 1.0.0 that is offered here, in the words of the error table and before a byte is read.
 * @throws upload.tus-version, upload.media-type, upload.empty, upload.too-large, request.malformed
 */
export function checkHead(method: string, headers: IncomingHttpHeaders, maxBytes: number): void {
  if (method === 'OPTIONS') return;
  if (headers['tus-resumable'] !== TUS_RESUMABLE)
    throw new VitrailError('upload.tus-version', `Send Tus-Resumable: ${TUS_RESUMABLE}, the one version that is spoken here.`);
  if (method === 'POST') checkCreation(headers, maxBytes);
  if (method !== 'PATCH') return;
  bytesIn(headers, 'upload-offset');
  if (headers['content-type'] !== 'application/offset+octet-stream')
    throw new VitrailError('upload.media-type', 'Send the bytes with Content-Type: application/offset+octet-stream.');
}

function checkCreation(headers: IncomingHttpHeaders, maxBytes: number): void {
  if (headers['upload-defer-length'] !== undefined || headers['upload-concat'] !== undefined)
    throw malformed('Deferred lengths and concatenation are not offered; OPTIONS tells which extensions are.');
  const length = bytesIn(headers, 'upload-length');
  if (length === 0) throw new VitrailError('upload.empty', 'The file has no bytes; choose another one.');
  if (length > maxBytes)
    throw new VitrailError('upload.too-large', `A file may have up to ${maxBytes} bytes (VITRAIL_MAX_UPLOAD).`, { maxBytes });
  metadataOf(headers);
}

function metadataOf({ 'upload-metadata': text }: IncomingHttpHeaders): Record<string, string | null> {
  if (text === undefined || text === '') return {};
  if (String(text).length > maxMetadata) throw malformed(`Upload-Metadata may have ${maxMetadata} characters.`);
  try {
    return Metadata.parse(String(text));
  } catch {
    throw malformed('Upload-Metadata is a list of names, each with a value in Base64: filename c3Vuc2V0LmpwZw==, …');
  }
}

/** What names a file, the surest first; clients differ in which of them they send. */
const names = ['filename', 'name', 'relativePath'];
const types = ['filetype', 'type'];
const origins = ['session', 'client'];
const known = [...names, ...types, ...origins];

/** What the head of a creation says of the file; its session and client may stand in the metadata, or in the headers of every upload. */
export function noteOfHead(headers: IncomingHttpHeaders): Note {
  const metadata = metadataOf(headers);
  const first = (of: readonly string[]): string | undefined =>
    of.map((name) => metadata[name]).find((value) => Boolean(value)) ?? undefined;
  const said = Object.entries(metadata).filter(([name]) => !known.includes(name));
  const origin: Origin = originOfHead({
    ...headers,
    ...(metadata.session && { 'x-session-id': metadata.session }),
    ...(metadata.client && { 'x-client-id': metadata.client }),
  });
  return noteOf(first(names) ?? 'unnamed', first(types), new Map(said.map(([name, value]) => [name, [value ?? '']])), origin);
}
