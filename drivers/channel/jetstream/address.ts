import type { ConnectionOptions } from 'nats';

/**
 * `nats://host:port`, several separated by commas; `user:password@` or `token@` in the first is for all; `tls://` asks for TLS.
 * Throws a TypeError that shows nothing of it.
 */
export function addressOf(url: string): Pick<ConnectionOptions, 'servers' | 'user' | 'pass' | 'token' | 'tls'> {
  const parts = url.split(',').map((part) => part.trim());
  const parsed = parts.map((part) => URL.parse(/^[a-z]+:\/\//.test(part) ? part : `nats://${part}`));
  const urls = parsed.filter((one) => one !== null && ['nats:', 'tls:'].includes(one.protocol) && one.hostname !== '');
  const first = urls[0];
  if (!first || urls.length < parts.length) {
    throw new TypeError("the address of the queue is no nats://host:port, or several with ',' between them");
  }
  const [user, pass] = [decodeURIComponent(first.username), decodeURIComponent(first.password)];
  return {
    servers: urls.map((one) => one!.host),
    ...(pass ? { user, pass } : user ? { token: user } : {}),
    ...(urls.some((one) => one!.protocol === 'tls:') && { tls: {} }),
  };
}
