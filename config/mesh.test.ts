import { loadConfig } from './index.ts';
import { meshOptions } from './mesh.ts';
import type { MeshTransporter } from './mesh-transporter.ts';

const options = (env: Record<string, string>) => meshOptions(loadConfig({ VITRAIL_PROFILE: 'distributed', ...env }));
const transporter = (url: string) => (options({ VITRAIL_NATS_URL: url }).transporter as MeshTransporter).opts;

describe('how nodes find each other', () => {
  it('is no matter of a process that is alone, whatever servers are named', () => {
    expect(meshOptions(loadConfig({ VITRAIL_NATS_URL: 'nats://n:4222' }))).toEqual({});
  });

  it('is NATS, reconnecting for ever', () => {
    expect(options({ VITRAIL_NATS_URL: 'nats://n:4222' }).serializer).toBe('CBOR');
    expect(transporter('nats://n:4222')).toMatchObject({ servers: ['n:4222'], maxReconnectAttempts: -1 });
  });

  it('takes a name and a password out of the address, escapes undone', () => {
    expect(transporter('nats://a%40b:p%2Cq%3A@n:4222')).toMatchObject({ servers: ['n:4222'], user: 'a@b', pass: 'p,q:' });
    expect(transporter('nats://t0ken@n:4222')).toMatchObject({ servers: ['n:4222'], token: 't0ken' });
  });

  it('takes several servers, none of which keeps a password in its name', () => {
    const told = transporter('nats://a:hidden@one:4222,nats://a:hidden@two:4222,three:4223');
    expect(told).toMatchObject({ servers: ['one:4222', 'two:4222', 'three:4223'], user: 'a', pass: 'hidden' });
  });

  it('asks for TLS where the address does', () => {
    expect(transporter('tls://n:4222')).toMatchObject({ servers: ['n:4222'], tls: {} });
    expect(transporter('nats://n:4222')).not.toHaveProperty('tls');
  });

  it('gives requests under way as long to end as the node has to stop', () => {
    expect(options({ VITRAIL_NATS_URL: 'nats://n:4222', VITRAIL_GRACE_SECONDS: '7' }).tracking).toEqual({
      enabled: true,
      shutdownTimeout: 7000,
    });
  });
});
