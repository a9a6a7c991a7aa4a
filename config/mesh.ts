import type { BrokerOptions } from 'moleculer';
import { addressOf } from '../drivers/channel/jetstream/address.ts';
import { MeshTransporter } from './mesh-transporter.ts';
import type { Config } from './variables.ts';

/** What was asked of a node that has gone is asked of another, where the action says that asking twice is asking once (mixins/implement.ts). */
export const retryPolicy: NonNullable<BrokerOptions['retryPolicy']> = {
  enabled: false,
  retries: 2,
  delay: 100,
  factor: 2,
  maxDelay: 1000,
  check: ({ name }) => name === 'RequestRejectedError',
};

/**
 * How nodes find and hear each other (measured: docs/adr/0019). Without the distributed profile there is nobody else.
 * - A node that sends no heartbeat for 8 s is gone; what was asked of it is asked of another, or comes again.
 * - CBOR is smaller than JSON, and faster to write and to read.
 * - Requests under way are waited for when a node stops.
 */
export function meshOptions({
  profile,
  natsUrl,
  graceSeconds,
}: Pick<Config, 'profile' | 'natsUrl' | 'graceSeconds'>): BrokerOptions {
  if (profile === 'embedded' || natsUrl === undefined) return {};
  return {
    transporter: new MeshTransporter({
      ...addressOf(natsUrl),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 1000,
      pingInterval: 3000,
      maxPingOut: 2,
    }),
    serializer: 'CBOR',
    heartbeatInterval: 2,
    heartbeatTimeout: 8,
    tracking: { enabled: true, shutdownTimeout: graceSeconds * 1000 },
    transit: { maxQueueSize: 50_000 },
  };
}
