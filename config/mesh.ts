import type { BrokerOptions } from 'moleculer';
import type { Config } from './variables.ts';

/**
 * How nodes find and hear each other (measured: docs/adr/0019). Without the distributed profile there is nobody else.
 * - A node that sends no heartbeat for 8 s is gone; what was asked of it is asked of another, or comes again.
 * - CBOR is smaller than JSON, and faster to write and to read.
 * - Requests under way are waited for when a node stops.
 */
export function meshOptions({ profile, natsUrl, graceSeconds }: Config): BrokerOptions {
  if (profile === 'embedded' || natsUrl === undefined) return {};
  const { servers, ...login } = natsAddress(natsUrl);
  return {
    transporter: {
      type: 'NATS',
      options: { servers, ...login, maxReconnectAttempts: -1, reconnectTimeWait: 1000, pingInterval: 3000, maxPingOut: 2 },
    },
    serializer: 'CBOR',
    heartbeatInterval: 2,
    heartbeatTimeout: 8,
    tracking: { enabled: true, shutdownTimeout: graceSeconds * 1000 },
    transit: { maxQueueSize: 50_000 },
  };
}

/** The servers of a NATS address without the name and password in it, which the client wants beside them. */
export function natsAddress(url: string): { servers: string[]; user?: string; pass?: string; token?: string } {
  const [first = '', ...others] = url.split(',');
  const { protocol, host, username, password } = new URL(first);
  const servers = [`${protocol}//${host}`, ...others.map((other) => (other.includes('://') ? other : `${protocol}//${other}`))];
  if (username === '') return { servers };
  const user = decodeURIComponent(username);
  return password === '' ? { servers, token: user } : { servers, user, pass: decodeURIComponent(password) };
}
