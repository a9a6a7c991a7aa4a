import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { once } from 'node:events';
import type { Middleware, ServiceBroker } from 'moleculer';
import { reasonsNotReady } from './readiness.ts';

/** Whoever asks here sends a line or two: a connection that takes longer, in ms, or is one too many is closed. */
const limits = { requestTimeout: 5000, headersTimeout: 5000, connectionsCheckingInterval: 5000 };
const mostConnections = 100;

export interface HealthAnswer {
  status: 200 | 503;
  body: Record<string, unknown>;
}

/** What is answered to `/health` (the process is there) and to `/ready` (it can do its part); undefined for any other path. */
export async function healthAnswer(path: string, broker: ServiceBroker, version: string): Promise<HealthAnswer | undefined> {
  if (path === '/health')
    return { status: 200, body: { status: 'ok', version, uptimeSeconds: Math.round(process.uptime()), nodeID: broker.nodeID } };
  if (path !== '/ready') return undefined;
  const reasons = await reasonsNotReady(broker);
  return reasons.length === 0
    ? { status: 200, body: { status: 'ready' } }
    : { status: 503, body: { status: 'not-ready', reasons } };
}

async function respond(req: IncomingMessage, res: ServerResponse, broker: ServiceBroker, version: string): Promise<void> {
  const [path = ''] = (req.url ?? '').split('?');
  const answer = req.method === 'GET' || req.method === 'HEAD' ? await healthAnswer(path, broker, version) : undefined;
  const { status, body } = answer ?? { status: 404, body: { status: 'not-found' } };
  const json = JSON.stringify(body);
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(json),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 503 && { 'Retry-After': '2' }),
  });
  res.end(req.method === 'HEAD' ? undefined : json);
}

/**
 * Answers `/health` and `/ready` on a port of its own, from before the first server is waited for until the last service has
 * stopped: whoever runs the nodes asks there, whatever they host.
 */
export function health({ host, port, version }: { host: string; port: number; version: string }): Middleware {
  let server: Server | undefined;
  return {
    name: 'health',
    async starting(broker) {
      server = createServer(limits, (req, res) => {
        respond(req, res, broker, version).catch(() => res.destroy());
      });
      server.maxConnections = mostConnections;
      server.listen(port, host);
      await once(server, 'listening');
    },
    async stopped() {
      if (!server?.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
