import { ServiceBroker } from 'moleculer';
import { addressOf, announce } from './address.ts';

describe('address', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:80'],
    ['0.0.0.0', 'http://localhost:80'],
    ['::', 'http://localhost:80'],
    ['::1', 'http://[::1]:80'],
  ])('of a server on %s is %s', (host, address) => {
    const broker = new ServiceBroker({ logger: false });
    announce(broker, host, 80);
    expect(addressOf(broker)).toBe(address);
  });
  it('is not known before the server listens', () => {
    expect(() => addressOf(new ServiceBroker({ logger: false }))).toThrow('not listening');
  });
});
