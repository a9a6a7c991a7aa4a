import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { addressOf } from './address.ts';
import { openJetStream } from './open.ts';

describe('the address of the queue', () => {
  it.each([
    ['nats://one:4222', { servers: ['one:4222'] }],
    ['one:4222', { servers: ['one:4222'] }],
    ['nats://anna:s%40fe@one:4222, nats://two:4223', { servers: ['one:4222', 'two:4223'], user: 'anna', pass: 's@fe' }],
    ['nats://t0ken@one', { servers: ['one'], token: 't0ken' }],
    ['tls://[::1]:4222', { servers: ['[::1]:4222'], tls: {} }],
  ])('reads %s', (url, expected) => {
    expect(addressOf(url)).toEqual(expected);
  });

  it.each(['', 'http://anna:secret@one', 'nats://anna:secret@', 'nats://one:4222,,'])(
    'refuses %s, and shows nothing of it',
    (url) => {
      expect(() => addressOf(url)).toThrow(TypeError);
      expect(() => addressOf(url)).not.toThrow(/secret/);
    },
  );

  it('shows no password where nobody answers, or answers something else', async () => {
    const stranger = createServer((socket) => socket.end('220 mail.example.org\r\n')).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as AddressInfo;
    for (const where of [`127.0.0.1:${port}`, '127.0.0.1:1', 'nowhere.invalid:4222']) {
      const failure: unknown = await openJetStream({ url: `nats://anna:secret@${where}`, name: 'x' }).then(() => null, (error: unknown) => error); // prettier-ignore
      expect(failure).toMatchObject({ name: 'ChannelError', code: 'channel.unavailable' });
      expect(inspect(failure, { depth: 5 })).not.toMatch(/secret|anna/);
    }
    stranger.close();
  });
});
