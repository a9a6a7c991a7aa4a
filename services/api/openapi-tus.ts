import type { ErrorCode } from '../contracts/errors.ts';
import { answerOf, anywhere, headerParameter, idempotencyKey, type Json, pathParameter, problems } from './openapi-parts.ts';

const text = { type: 'string' };
const integer = { type: 'integer', minimum: 0 };
const bytes = { content: { 'application/offset+octet-stream': { schema: { ...text, format: 'binary' } } } };
const header = (schema: Json, description: string): Json => ({ schema, description });

const version = headerParameter('Tus-Resumable', '1.0.0', { required: true, schema: { const: '1.0.0' } });
const resumable = { 'Tus-Resumable': header({ const: '1.0.0' }, 'The version of the protocol') };
const offset = { 'Upload-Offset': header(integer, 'Bytes that are here') };
const expires = { 'Upload-Expires': header(text, 'When an unfinished upload is given up (an HTTP date)') };
const asset = {
  'X-Asset-Id': header(text, 'Once all bytes are here: the asset that they are'),
  'X-Asset-Created': header({ type: 'boolean' }, 'false: the same bytes were known already'),
};

const changing: readonly ErrorCode[] = [...anywhere, 'request.cross-origin', 'upload.tus-version'];
/** Of requests that bring bytes: the last of them is answered as an upload is. */
const bringing: readonly ErrorCode[] = [
  ...changing,
  'params.invalid',
  'request.malformed',
  'storage.full',
  'upload.aborted',
  'upload.media-type',
  'upload.picture-too-large',
  'upload.too-large',
  'upload.too-many-parts',
  'upload.type-refused',
  'upload.unreadable',
];

const operation = (id: string, summary: string, rest: Json): Json => ({ operationId: id, tags: ['uploads'], summary, ...rest });

const options = (id: string): Json =>
  operation(id, 'What is offered of tus (OPTIONS)', {
    responses: {
      204: answerOf('tus 1.0.0', [], {
        'Tus-Version': header(text, '1.0.0'),
        'Tus-Extension': header(text, 'creation,creation-with-upload,expiration,termination'),
        'Tus-Max-Size': header(integer, 'Bytes of a file, at most'),
      }),
      ...problems('request.unauthorized', 'request.too-many', 'request.cross-origin'),
    },
  });

/** Resumable uploads, as the protocol has them (tus.io/protocols/resumable-upload); GET is an action of ours. */
export function tusPaths(): Record<string, Json> {
  const id = pathParameter('id', text);
  return {
    '/api/uploads': {
      options: options('uploads.options'),
      post: operation('uploads.create', 'Begin a resumable upload; bytes may come with it', {
        parameters: [
          version,
          headerParameter('Upload-Length', 'Bytes of the file', { required: true, schema: { type: 'integer', minimum: 1 } }),
          headerParameter(
            'Upload-Metadata',
            'filename, filetype, session, client, title, description, tags, rating: each a name and its value in Base64',
          ),
          idempotencyKey,
        ],
        requestBody: { required: false, ...bytes },
        responses: {
          201: answerOf('Begun', ['Location'], { ...resumable, ...offset, ...expires, ...asset }),
          ...problems(...bringing, 'request.under-way', 'request.key-reused'),
        },
      }),
    },
    '/api/uploads/{id}': {
      options: { ...options('uploads.optionsOfOne'), parameters: [id] },
      head: operation('uploads.offset', 'How far a resumable upload is', {
        parameters: [id, version],
        responses: {
          200: answerOf('To be gone on with', [], {
            ...resumable,
            ...offset,
            ...expires,
            ...asset,
            'Upload-Length': header(integer, 'Bytes of the file'),
          }),
          ...problems(...anywhere, 'upload.not-found', 'upload.gone', 'upload.tus-version'),
        },
      }),
      patch: operation('uploads.append', 'Send bytes of a resumable upload', {
        parameters: [
          id,
          version,
          headerParameter('Upload-Offset', 'Where they belong: the offset of HEAD', { required: true, schema: integer }),
        ],
        requestBody: { required: true, ...bytes },
        responses: {
          204: answerOf('They are here', [], { ...resumable, ...offset, ...expires, ...asset }),
          ...problems(...bringing, 'upload.not-found', 'upload.finished', 'upload.offset', 'upload.gone'),
        },
      }),
      delete: operation('uploads.terminate', 'Give a resumable upload up', {
        parameters: [id, version],
        responses: {
          204: answerOf('It is forgotten', [], resumable),
          ...problems(...changing, 'upload.not-found', 'upload.finished', 'upload.gone'),
        },
      }),
    },
  };
}
