import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'moleculer';
import { failureOf, problemHeaders, problemOf } from './problem.ts';

/** How long a client that is still sending is listened to after its answer, in ms. */
const lingerMs = 2000;

/** Whether the client may still be sending the body of its request. */
const isSending = (req: IncomingMessage): boolean =>
  !req.complete &&
  !req.destroyed &&
  (req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0);

/**
 * Sends a whole answer. To a client that is still sending it stays half open for a moment and what comes is thrown away: closing
 * at once would reset the connection, and the answer might be lost on the way (RFC 9112, 9.6).
 */
export function answer(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string,
): void {
  const bytes = Buffer.from(body);
  const length = { 'Content-Length': String(bytes.length) };
  if (!isSending(req)) {
    res.writeHead(status, { ...headers, ...length });
    res.end(bytes);
    return;
  }
  res.writeHead(status, { ...headers, ...length, Connection: 'close' });
  res.write(bytes);
  const end = (): void => {
    clearTimeout(timer);
    res.end();
  };
  const timer = setTimeout(end, lingerMs);
  req.once('end', end).once('close', end).once('error', end);
  req.resume();
}

/** Answers with what went wrong, as RFC 9457 has it. What is not in the error table is logged, and told to nobody. */
export function answerProblem(
  req: IncomingMessage,
  res: ServerResponse,
  error: unknown,
  { logger, requestID }: { logger: Logger; requestID?: string | undefined },
): void {
  const failure = failureOf(error);
  if (failure.unexpected) logger.error('A request failed', { requestID, method: req.method, path: pathOf(req) }, error);
  if (res.headersSent) {
    // Half an answer is told from a whole one by its broken connection only.
    res.destroy();
    return;
  }
  const problem = problemOf(failure, requestID);
  answer(req, res, problem.status, problemHeaders(failure), JSON.stringify(problem));
}

/** Without the query, which may hold what is nobody's business. */
const pathOf = (req: IncomingMessage): string =>
  ((req as { originalUrl?: string }).originalUrl ?? req.url ?? '').split('?', 1)[0] ?? '';
