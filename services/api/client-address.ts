import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';

/** Names where a request comes from. */
export type ClientAddress = (req: IncomingMessage) => string;

/** Bytes of an IPv6 address that a provider gives to one customer, who may use any of those below. */
const networkBytes = 8;

/**
 * The address of the client: that of the connection; behind proxies that are trusted (addresses and networks) the last one in
 * `X-Forwarded-For` that is none of theirs. Anybody else may write there what they like. Of IPv6 the network, as one customer has it.
 */
export function clientAddress(trusted: readonly string[]): ClientAddress {
  const trust = proxyAddr.compile([...trusted]);
  return (req) => {
    const address = proxyAddr(req, trust);
    if (!ipaddr.isValid(address)) return req.socket.remoteAddress ?? '';
    const parsed = ipaddr.process(address);
    return parsed.kind() === 'ipv4'
      ? parsed.toString()
      : Buffer.from(parsed.toByteArray().slice(0, networkBytes)).toString('hex');
  };
}
