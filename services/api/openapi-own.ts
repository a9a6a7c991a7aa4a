import { AssetEdit, Id } from '../contracts/asset.ts';
import { events } from '../contracts/event.ts';
import { RenditionWish } from '../contracts/media.ts';
import { file, type Json, jsonOf, jsonSchema, pathParameter, problems, queryParameter } from './openapi-parts.ts';

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
  const location = { Location: { schema: text, description: 'Address of the asset' } };
  return {
    operationId: 'upload',
    tags: ['media'],
    summary: 'Take a file in',
    description:
      'As a form with one file and fields before or after it, or as the raw body with its Content-Type; its fields are in the query then.',
    parameters: [
      queryParameter('filename', text, 'Of a raw body; or Content-Disposition, or X-Filename'),
      ...['title', 'description', 'tags', 'rating'].map((name) => queryParameter(name, text, 'Of a raw body')),
    ],
    requestBody: {
      required: true,
      content: { 'multipart/form-data': { schema: form }, 'image/*': { schema: { type: 'string', format: 'binary' } } },
    },
    responses: {
      202: { ...jsonOf(asset, 'A new asset; its enrichments follow'), headers: location },
      200: { ...jsonOf(asset, 'The asset that has the same bytes already'), headers: location },
      ...problems(400, 413, 415, 422),
    },
  };
}

function bytesOperation(id: string, summary: string, parameters: Json[]): Json {
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
      ...problems(400, 404, 409, 416, 422),
    },
  };
}

const status = (description: string): Json =>
  jsonOf({ type: 'object', properties: { status: text }, required: ['status'], additionalProperties: true }, description);

/** What the gateway answers itself. */
export function ownPaths(components: Json): Record<string, Json> {
  const id = pathParameter('id', jsonSchema(Id, 'input', components));
  const wishes = Object.entries(
    (jsonSchema(RenditionWish, 'input', components) as { properties: Record<string, Json> }).properties,
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
          queryParameter('asset', text, 'Of this asset only'),
          { name: 'Last-Event-ID', in: 'header', required: false, schema: text },
        ],
        responses: {
          200: { description: 'A stream that does not end', content: { 'text/event-stream': { schema: eventData } } },
          ...problems(422),
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
        responses: { 204: { description: 'The cookie is set, until the browser is closed' }, ...problems(400, 413, 422) },
      },
      delete: {
        operationId: 'endSession',
        tags: ['server'],
        summary: 'Take the cookie away',
        security: [],
        responses: { 204: { description: 'It is gone' }, ...problems() },
      },
    },
    '/api/openapi.json': {
      get: {
        operationId: 'openapi',
        tags: ['server'],
        summary: 'This document',
        responses: { 200: jsonOf({ type: 'object' }, 'OpenAPI 3.1'), ...problems() },
      },
    },
    '/media/{id}': {
      get: bytesOperation('original', 'The original, or a size and format of it', [
        id,
        ...wishes.map(([name, { description, ...schema }]) => queryParameter(name, schema, description as string | undefined)),
      ]),
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
