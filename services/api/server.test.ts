import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { closeServer, listen, openServer } from './server.ts';

const ignore = (): void => undefined;

describe('server', () => {
  it('sets no limit on how long a body may take, but one on how long a head may', async () => {
    const server = openServer(ignore, ignore);
    expect(server.requestTimeout).toBe(0);
    expect(server.headersTimeout).toBeGreaterThan(0);
    expect(server.timeout).toBe(0);
  });

  it('says that a port is taken', async () => {
    const server = openServer(ignore, ignore);
    const port = await listen(server, 0, '127.0.0.1');
    await expect(listen(openServer(ignore, ignore), port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await closeServer(server, 0);
  });

  it('lets a request under way end when it closes', async () => {
    const begun = Promise.withResolvers<ServerResponse>();
    const server = openServer((_, res) => begun.resolve(res), ignore);
    const port = await listen(server, 0, '127.0.0.1');
    const answer = fetch(`http://127.0.0.1:${port}/`);
    const res = await begun.promise;
    const closed = closeServer(server, 60_000);
    const kept = new Promise((resolve) => setTimeout(resolve, server.keepAliveTimeout / 2).unref());
    res.end('all of it');
    expect(await (await answer).text()).toBe('all of it');
    // Its connection could be used again; the server is closed before anybody tires of keeping it.
    expect(await Promise.race([closed.then(() => 'closed'), kept.then(() => 'kept')])).toBe('closed');
  });

  it('does not wait longer than it may, nor for connections on which nothing happens', async () => {
    const begun = Promise.withResolvers<ServerResponse>();
    const server = openServer((_, res) => begun.resolve(res), ignore);
    const port = await listen(server, 0, '127.0.0.1');
    connect(port, '127.0.0.1').on('error', () => undefined);
    const hanging = fetch(`http://127.0.0.1:${port}/`).catch((error: unknown) => error);
    await begun.promise;
    await closeServer(server, 20);
    expect(await hanging).toMatchObject({ message: 'fetch failed' });
  });
});
