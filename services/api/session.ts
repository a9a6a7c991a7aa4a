import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { parseParams } from '../../mixins/implement.ts';
import { readJsonObject } from './json-body.ts';

/** What a browser sends by itself in place of a key, with pictures and videos, too. Gone when the browser is closed. */
const cookie = 'vitrail-session';

const OpenSession = z.strictObject({
  key: z
    .string()
    .min(1)
    .max(500)
    .regex(/^[!-~]+$/),
});

/** What the cookie holds: it tells that whoever has it has had the key, and nothing of the key. With the key it is void. */
const tokenOf = (key: string): string => createHmac('sha256', key).update('vitrail session').digest('base64url');

/** Tells whether a `Cookie` header holds a session of one of these keys, in a time that does not depend on which. */
export function sessions(keys: readonly string[]): (header: string | undefined) => boolean {
  const tokens = keys.map((key) => Buffer.from(tokenOf(key)));
  return (header) => {
    const [, sent] = new RegExp(`(?:^|;\\s*)${cookie}=([\\w-]{43})(?:;|$)`).exec(header ?? '') ?? [];
    const token = Buffer.from(sent ?? '');
    return tokens.map((known) => token.length === known.length && timingSafeEqual(known, token)).includes(true);
  };
}

const attributes = 'Path=/; HttpOnly; SameSite=Strict';
const overTls = ({ headers }: IncomingMessage): boolean => headers['x-forwarded-proto'] === 'https';

function send(req: IncomingMessage, res: ServerResponse, value: string): void {
  res.writeHead(204, {
    'Set-Cookie': `${cookie}=${value}; ${attributes}${overTls(req) ? '; Secure' : ''}`,
    'Cache-Control': 'no-store',
  });
  res.end();
}

/**
 * Gives whoever sends a key a cookie that stands for it: 204.
 * @param check throws request.unauthorized for a key that is none
 * @throws params.invalid, request.malformed, request.too-large, and what `check` throws
 */
export async function openSession(
  req: IncomingMessage & { body?: object },
  res: ServerResponse,
  check: (key: string) => void,
): Promise<void> {
  const { key } = parseParams(OpenSession, req.body ?? (await readJsonObject(req)));
  check(key);
  send(req, res, tokenOf(key));
}

/** Takes the cookie away: 204, whether or not there was one. */
export const endSession = (req: IncomingMessage, res: ServerResponse): void => send(req, res, '; Max-Age=0');
