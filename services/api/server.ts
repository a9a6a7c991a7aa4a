import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { VitrailError } from '../contracts/errors.ts';
import { type Failure, failureOf, problemHeaders, problemOf } from './problem.ts';

/** How long a client may take to send the head of a request, in ms. */
const headersTimeout = 20_000;

/**
 * A server without a limit on how long a whole request may take, for a large upload takes as long as it takes: what reads a
 * body sees to it that it keeps coming.
 */
export function openServer(
  handle: (req: IncomingMessage, res: ServerResponse) => void,
  upgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Server {
  const server = createServer(
    {
      requestTimeout: 0,
      headersTimeout,
      connectionsCheckingInterval: 5000,
      keepAliveTimeout: 20_000,
      // Another protocol that is offered (h2c) may be passed over (RFC 9110, 7.8).
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    handle,
  );
  server.on('upgrade', upgrade);
  // Without a listener of ours, node would ask for the body before anybody has looked at the head.
  server.on('checkContinue', handle);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => refuseUnreadable(socket, error.code));
  return server;
}

/** Answers what is no HTTP: there is no request yet that could be answered. */
function refuseUnreadable(socket: Duplex, code: string | undefined): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const detail =
    code === 'HPE_HEADER_OVERFLOW' ? 'The head of the request is larger than 16 KiB.' : 'This is no HTTP/1.1 request.';
  refuseOn(socket, failureOf(new VitrailError('request.malformed', detail)));
}

/** Answers on a bare connection with what went wrong, and ends it. */
export function refuseOn(socket: Duplex, failure: Failure, more: Readonly<Record<string, string>> = {}): void {
  const problem = problemOf(failure);
  const body = JSON.stringify(problem);
  const headers = {
    ...problemHeaders(failure),
    ...more,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** @returns the port, which is of interest where any free one was asked for */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no new connections and lets those under way end, up to a time. */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    // A connection whose last request ends after this is kept alive by node for another one, which is not to come.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(idle);
      resolve();
    });
  });
}
