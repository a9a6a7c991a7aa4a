import type { IncomingMessage } from 'node:http';
import { VitrailError } from '../contracts/errors.ts';

const maxBytes = 1024 * 1024;
/** The whole body has to be here within this time, in ms. */
const maxMs = 30_000;

const malformed = (detail: string): VitrailError => new VitrailError('request.malformed', detail);
const tooLarge = (): VitrailError =>
  new VitrailError('request.too-large', `A JSON body may have up to ${maxBytes} bytes.`, { maxBytes });

/**
 * The object that a request brings as JSON; nothing where it has no body.
 * @throws request.malformed, request.too-large
 */
export async function readJsonObject(req: IncomingMessage): Promise<object | undefined> {
  const length = req.headers['content-length'];
  if (req.headers['transfer-encoding'] === undefined && (length === undefined || length === '0')) return undefined;
  const [type = ''] = (req.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') throw malformed('Send the body as application/json.');
  if (Number(length ?? 0) > maxBytes) throw tooLarge();
  return parseObject(await readText(req));
}

function readText(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      req.off('data', take).off('end', end).off('error', failed).off('close', failed);
      if (error) reject(error);
      else resolve(Buffer.concat(chunks).toString('utf8'));
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBytes) settle(tooLarge());
      else chunks.push(chunk);
    };
    const end = (): void => settle();
    const failed = (): void => settle(malformed('The body ended before its last byte.'));
    const timer = setTimeout(() => settle(malformed(`The body took longer than ${maxMs / 1000} s.`)), maxMs);
    req.on('data', take).once('end', end).once('error', failed).once('close', failed);
  });
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('The body is no JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('The body has to be one JSON object: { … }.');
  // As a member of its own it would become the prototype of the parameters when they are merged.
  if (Object.hasOwn(value, '__proto__')) throw malformed('The body has a member __proto__.');
  return value;
}
