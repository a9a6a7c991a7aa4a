import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { VitrailError } from '../contracts/errors.ts';

export interface FormFile {
  stream: Readable;
  filename: string;
  /** The sender's word for the media type. */
  type: string;
}

/** A form that is being read. Its fields may come before or after its file. */
export interface UploadForm {
  /** The first file, as soon as it begins. @throws upload.missing-file, request.malformed, and what the signal brings */
  file: Promise<FormFile>;
  /** Grows while the form is read. */
  fields: Map<string, string[]>;
  /** Resolves when the last part has been read; rejects as `file` does. */
  end: Promise<void>;
  /** Reads no further. */
  stop(): void;
}

const limits = { files: 1, fields: 20, parts: 21, fieldSize: 64 * 1024, fieldNameSize: 100, headerPairs: 50 };
const malformed = (detail: string): VitrailError => new VitrailError('request.malformed', detail);

/** Reads `multipart/form-data` (RFC 7578) with one file, in the field `file`. An abort ends it with its reason. */
export function readForm(req: IncomingMessage, signal: AbortSignal): UploadForm {
  const fields = new Map<string, string[]>();
  const file = Promise.withResolvers<FormFile>();
  const end = Promise.withResolvers<void>();
  // Whoever waits for one of them hears of a failure; the other may have no listener then.
  file.promise.catch(() => undefined);
  end.promise.catch(() => undefined);
  const parser = parserOf(req);
  let stream: Readable | undefined;

  function stop(): void {
    req.unpipe(parser);
    parser.destroy();
  }
  function fail(error: VitrailError): void {
    stop();
    stream?.destroy(error);
    file.reject(error);
    end.reject(error);
  }

  parser.on('file', (name, opened, { filename, mimeType }) => {
    // A stream that fails has been told of; without a listener it would end the process.
    opened.on('error', () => undefined);
    if (name !== 'file') {
      fail(new VitrailError('upload.missing-file', `The file has to be in the field 'file', not '${name}'.`));
      return;
    }
    stream = opened;
    file.resolve({ stream: opened, filename: filename || 'unnamed', type: mimeType });
  });
  parser.on('field', (name, value, { nameTruncated, valueTruncated }) => {
    if (nameTruncated || valueTruncated) {
      fail(malformed(`A field may have a name of ${limits.fieldNameSize} and a value of ${limits.fieldSize} bytes.`));
    }
    fields.set(name, [...(fields.get(name) ?? []), value]);
  });
  parser.on('filesLimit', () => fail(malformed('Send one file a request.')));
  parser.on('fieldsLimit', () => fail(malformed(`A form may have ${limits.fields} fields.`)));
  parser.on('partsLimit', () => fail(malformed(`A form may have ${limits.parts} parts.`)));
  parser.on('error', () => fail(malformed('This is no whole multipart form.')));
  signal.addEventListener('abort', () => fail(signal.reason as VitrailError), { once: true });
  parser.on('close', () => {
    end.resolve();
    file.reject(new VitrailError('upload.missing-file', "The form has no file; send one in the field 'file'."));
  });
  req.pipe(parser);
  return { file: file.promise, fields, end: end.promise, stop };
}

function parserOf(req: IncomingMessage): busboy.Busboy {
  try {
    return busboy({ headers: req.headers, limits, defParamCharset: 'utf8', highWaterMark: 256 * 1024, fileHwm: 256 * 1024 });
  } catch {
    throw malformed('A form needs Content-Type: multipart/form-data; boundary=….');
  }
}
