import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { doc, fields, found } from '../../../test/conformance/search/case.ts';
import { ownName, withServers } from '../../../test/fixtures/servers.ts';
import { openOpenSearch } from './open.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Takes connections on a port (0: any) until it is ended, which ends them, too. */
async function listening(port: number, server: Server): Promise<{ port: number; end(): Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const end = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  closing.push(end);
  return { port: (server.address() as AddressInfo).port, end };
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

const secrets = /wanda|hunter2|aHVudGVy|d2FuZGE/;

describe('a server that is away', () => {
  it('is told as such, and nothing of the credentials', async () => {
    const silent = await listening(0, createServer());
    const error = await rejection(
      openOpenSearch({ url: `http://wanda:hunter2@127.0.0.1:${silent.port}`, index: 'x', timeoutMs: 100 }),
    );
    expect(error).toMatchObject({ name: 'SearchError', code: 'search.unavailable' });
    await silent.end();
    const refused = await rejection(openOpenSearch({ url: `http://wanda:hunter2@127.0.0.1:${silent.port}`, index: 'x' }));
    expect(refused).toMatchObject({ name: 'SearchError', code: 'search.unavailable' });
    for (const one of [error, refused]) expect(inspect(one, { depth: 20, showHidden: true })).not.toMatch(secrets);
  });

  it('is given the credentials of its address, which no refusal repeats', async () => {
    const asked: IncomingMessage[] = [];
    const strict = createHttpServer((request, response) => {
      asked.push(request);
      response
        .writeHead(403, { 'content-type': 'application/json' })
        .end('{"error":{"type":"security_exception","reason":"no"}}');
    });
    const { port } = await listening(0, strict);
    const error = await rejection(openOpenSearch({ url: `http://wanda:hunter%322@127.0.0.1:${port}`, index: 'x' }));
    expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('wanda:hunter22').toString('base64')}`);
    expect(error).toMatchObject({ name: 'Refusal', type: 'security_exception' });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(secrets);
  });

  it('is not asked at an address that is none', async () => {
    const error = await rejection(openOpenSearch({ url: 'wanda:hunter2@nowhere', index: 'x' }));
    expect(String(error)).toContain('http://');
    expect(inspect(error)).not.toMatch(secrets);
  });

  withServers(['opensearch'], ({ VITRAIL_OPENSEARCH_URL: url }) => {
    const { hostname, port: behind } = new URL(url);
    const gate = (port: number) =>
      listening(
        port,
        createServer((socket) => {
          const further = connect(Number(behind), hostname);
          further.on('error', () => socket.destroy());
          socket.on('close', () => further.destroy());
          socket.pipe(further).pipe(socket);
        }),
      );

    it('is found again by itself, after it was gone and after it was silent', async () => {
      const name = ownName();
      const { port, end } = await gate(0);
      const index = await openOpenSearch({ url: `http://127.0.0.1:${port}`, index: name, timeoutMs: 5000 });
      closing.push(async () => {
        await index.close();
        await fetch(`${url}/${name}-*`, { method: 'DELETE' });
      });
      await index.configure(fields);
      await index.put([doc('a', { title: 'red' })]);

      await end();
      const calls = [
        () => index.put([doc('b', { title: 'red' })]),
        () => index.find({ q: 'red', limit: 1 }),
        () => index.groups({ near: [{ field: 'hash', within: 1 }], order: [], limit: 1 }),
        () => index.mark(),
        () => index.setMark('1'),
        () => index.configure(fields),
        () => index.count(),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'search.unavailable' });

      const silent = await listening(port, createServer());
      const puts = Array.from({ length: 20 }, (_, i) => index.put([doc(`p${i}`, { title: 'red' })]));
      for (const call of [...puts, ...calls.map((ask) => ask())])
        await expect(call).rejects.toMatchObject({ code: 'search.unavailable' });
      await silent.end();

      await gate(port);
      await index.put([doc('c', { title: 'red' })]);
      expect(await found(index, { q: 'red' })).toContain('c');
    });
  });
});
