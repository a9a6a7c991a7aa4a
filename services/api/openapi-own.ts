import { AssetEdit, Id } from '../contracts/asset.ts';
import { events } from '../contracts/event.ts';
import { RenditionWish } from '../contracts/media.ts';
import { maxRooms } from './rooms.ts';
import {
  answerOf,
  file,
  headerParameter,
  idempotencyKey,
  type Json,
  jsonOf,
  jsonSchema,
  pathParameter,
  problems,
  queryParameter,
  refusals,
} from './openapi-parts.ts';

const text = { type: 'string' };
const asset = { $ref: '#/components/schemas/Asset' };

function uploadOperation(components: Json): Json {
  const { properties } = jsonSchema(AssetEdit.extend({}), 'input', components) as { properties: Record<string, Json> };
  const form = {
    type: 'object',
    required: ['file'],
    properties: {
      file: { type: 'string', format: 'binary' },
      ...properties,
      tags: { ...text, description: 'a,b or ["a","b"] or the field several times' },
    },
  };
  return {
    operationId: 'upload',
    tags: ['media'],
    summary: 'Take a file in',
    description:
      'As a form with one file and fields before or after it, or as the raw body with its Content-Type; its fields are in the query then.',
    parameters: [
      queryParameter('filename', text, 'Of a raw body; or Content-Disposition, or X-Filename'),
      ...['title', 'description', 'tags', 'rating'].map((name) => queryParameter(name, text, 'Of a raw body')),
      headerParameter('X-Session-Id', 'What the upload belongs to, in the events about its asset'),
      headerParameter('X-Client-Id', 'Who sends it, in the events about its asset'),
      idempotencyKey,
    ],
    requestBody: {
      required: true,
      content: { 'multipart/form-data': { schema: form }, 'image/*': { schema: { type: 'string', format: 'binary' } } },
    },
    responses: {
      202: jsonOf(asset, 'A new asset; its enrichments follow', ['Location']),
      200: jsonOf(asset, 'The asset that has the same bytes already', ['Location']),
      ...problems(
        ...refusals('POST'),
        'upload.aborted',
        'upload.empty',
        'upload.missing-file',
        'upload.picture-too-large',
        'upload.too-large',
        'upload.type-refused',
        'upload.unreadable',
      ),
    },
  };
}

const elsewhere: Json = {
  description: 'A large original is at another address, for a while (VITRAIL_S3_PUBLIC_ENDPOINT)',
  headers: { Location: { schema: text }, 'Cache-Control': { schema: text } },
};

function bytesOperation(id: string, summary: string, parameters: Json[], more: Json = {}): Json {
  const validators = { ETag: { schema: text }, 'Cache-Control': { schema: text }, 'Accept-Ranges': { schema: text } };
  return {
    operationId: id,
    tags: ['media'],
    summary,
    parameters: [
      ...parameters,
      ...['Range', 'If-Range', 'If-None-Match'].map((name) => ({ name, in: 'header', required: false, schema: text })),
    ],
    responses: {
      200: file('The file', ['image/*', 'video/*', 'application/octet-stream'], validators),
      206: file('One range of the file', ['image/*', 'video/*', 'application/octet-stream'], {
        ...validators,
        'Content-Range': { schema: text },
      }),
      304: { description: 'What the client has is current' },
      ...more,
      // Not below /api, and so not counted.
      ...problems(
        'request.unauthorized',
        'request.malformed',
        'params.invalid',
        'asset.not-found',
        'blob.not-found',
        'media.pending',
        'media.range-unsatisfiable',
        'media.rendition-refused',
        'media.unreadable',
        'storage.full',
        'server.internal',
        'server.busy',
        'engine.away',
      ),
    },
  };
}

const state = { type: 'object', properties: { status: text }, required: ['status'], additionalProperties: true };
/** Not below /api, and so not counted. */
const status = (description: string): Json => ({ description, content: { 'application/json': { schema: state } } });

/** What the gateway answers itself. */
export function ownPaths(components: Json): Record<string, Json> {
  const id = pathParameter('id', jsonSchema(Id, 'input', components));
  const wishes = Object.entries(
    (jsonSchema(RenditionWish, 'input', components) as { properties: Record<string, Json> }).properties,
  );
  const rooms = (['asset', 'session', 'client'] as const).map((name) =>
    queryParameter(name, { type: 'array', items: text, maxItems: maxRooms }, `What concerns this ${name}; several: any of them`),
  );
  const eventData = { anyOf: Object.values(events).map(({ payload }) => jsonSchema(payload, 'output', components)) };
  const names = Object.values(events).map(({ name }) => name);
  return {
    '/api/assets': { post: uploadOperation(components) },
    '/api/events': {
      get: {
        operationId: 'events',
        tags: ['events'],
        summary: 'What happens, as it happens (server-sent events)',
        description: `Events: ${names.join(', ')}; and reset, when what was missed since Last-Event-ID is not known any more. Data is JSON.`,
        parameters: [
          ...rooms,
          queryParameter('since', text, 'The same as Last-Event-ID'),
          headerParameter('Last-Event-ID', 'The last event that the client had: it is told what came after it'),
        ],
        responses: {
          200: { ...answerOf('A stream that does not end'), content: { 'text/event-stream': { schema: eventData } } },
          ...problems('request.unauthorized', 'request.too-many', 'request.malformed', 'params.invalid', 'server.busy'),
        },
      },
    },
    '/api/live': {
      get: {
        operationId: 'live',
        tags: ['events'],
        summary: 'The same events, in rooms (WebSocket)',
        description:
          'Subprotocol vitrail.v1. The client sends { join: [room], since? } and { leave: [room] }, rooms being all, asset:<id>, session:<label> and client:<label>; it hears { type: rooms | event | reset | problem, … }. A browser names its key as a second subprotocol, vitrail.key.<base64url>.',
        parameters: [headerParameter('Sec-WebSocket-Protocol', 'vitrail.v1')],
        responses: {
          101: { description: 'WebSocket from here on' },
          ...problems('request.unauthorized', 'request.too-many', 'request.cross-origin', 'request.upgrade', 'server.busy'),
        },
      },
    },
    '/api/session': {
      post: {
        operationId: 'openSession',
        tags: ['server'],
        summary: 'Get a cookie that stands for a key, for browsers',
        security: [],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { type: 'object', required: ['key'], properties: { key: text } } } },
        },
        responses: {
          204: { description: 'The cookie is set, until the browser is closed' },
          ...problems(
            'request.unauthorized',
            'request.too-many',
            'request.cross-origin',
            'request.malformed',
            'request.too-large',
            'params.invalid',
          ),
        },
      },
      delete: {
        operationId: 'endSession',
        tags: ['server'],
        summary: 'Take the cookie away',
        security: [],
        responses: { 204: { description: 'It is gone' }, ...problems('request.too-many', 'request.cross-origin') },
      },
    },
    '/api/openapi.json': {
      get: {
        operationId: 'openapi',
        tags: ['server'],
        summary: 'This document',
        parameters: [headerParameter('If-None-Match', 'The ETag that the client has')],
        responses: {
          200: jsonOf({ type: 'object' }, 'OpenAPI 3.1', ['ETag']),
          304: answerOf('What the client has is current', ['ETag']),
          ...problems('request.unauthorized', 'request.too-many', 'request.malformed'),
        },
      },
    },
    '/media/{id}': {
      get: bytesOperation(
        'original',
        'The original, or a size and format of it',
        [
          id,
          ...wishes.map(([name, { description, ...schema }]) => queryParameter(name, schema, description as string | undefined)),
        ],
        { 307: elsewhere },
      ),
    },
    '/media/{id}/{variant}': {
      get: bytesOperation('variant', 'A derived file by its name', [
        id,
        pathParameter('variant', text),
        queryParameter('v', text, 'As in the URL of the variant: such an answer never changes'),
      ]),
    },
    '/health': {
      get: {
        operationId: 'health',
        tags: ['server'],
        summary: 'Whether the process lives',
        security: [],
        responses: { 200: status('It does') },
      },
    },
    '/ready': {
      get: {
        operationId: 'ready',
        tags: ['server'],
        summary: 'Whether requests are answered',
        security: [],
        responses: { 200: status('They are'), 503: status('Not now; reasons says why') },
      },
    },
  };
}
