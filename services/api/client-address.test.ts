import type { IncomingMessage } from 'node:http';
import { clientAddress } from './client-address.ts';

const request = (remoteAddress: string, forwarded?: string): IncomingMessage =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

describe('the address of a client', () => {
  it('is that of its connection, whatever it says itself', () => {
    expect(clientAddress([])(request('192.0.2.7', '198.51.100.1'))).toBe('192.0.2.7');
    expect(clientAddress(['10.0.0.0/8'])(request('192.0.2.7', '198.51.100.1'))).toBe('192.0.2.7');
  });
  it('is the last one that trusted proxies name, and no earlier one', () => {
    const address = clientAddress(['10.0.0.0/8', 'fd00::/8']);
    expect(address(request('10.1.1.1', '198.51.100.1'))).toBe('198.51.100.1');
    expect(address(request('::ffff:10.1.1.1', '203.0.113.5, 198.51.100.1, 10.2.2.2'))).toBe('198.51.100.1');
    expect(address(request('fd00::1', '198.51.100.1'))).toBe('198.51.100.1');
  });
  it('is the proxy’s where it names none that can be read', () => {
    expect(clientAddress(['10.0.0.0/8'])(request('10.1.1.1', 'unknown'))).toBe('10.1.1.1');
    expect(clientAddress(['10.0.0.0/8'])(request('10.1.1.1'))).toBe('10.1.1.1');
  });
  it('is the same for all addresses of one customer, and of one written in two ways', () => {
    const address = clientAddress([]);
    expect(address(request('2001:db8:1:2::1'))).toBe(address(request('2001:db8:1:2:ffff::9')));
    expect(address(request('2001:db8:1:2::1'))).not.toBe(address(request('2001:db8:1:3::1')));
    expect(address(request('::ffff:192.0.2.7'))).toBe(address(request('192.0.2.7')));
  });
});
