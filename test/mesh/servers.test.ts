import { withOwnServers } from '../fixtures/own-servers.ts';
import { until } from '../integration/app.ts';
import { Client, consistent } from './collection.ts';
import { openMesh, startRoles, type Node } from './fixture.ts';

const roles = ['core', 'edge', 'worker'] as const;
/** Each server, with the roles that have a use for it. */
const servers = [
  { server: 'mongo', title: 'MongoDB', users: ['core', 'edge'] },
  { server: 'nats', title: 'NATS', users: roles },
  { server: 'minio', title: 'S3', users: roles },
  { server: 'opensearch', title: 'OpenSearch', users: ['core'] },
] as const;

const harms = [
  ['stop', 'start'],
  ['freeze', 'thaw'],
] as const;

/** How long a server is away each time, in ms. */
const awayMs = 20_000;
/** Somebody sends a picture so often meanwhile, in ms. */
const everyMs = 1000;
/** Pictures that are on their way when it happens. */
const before = 4;

withOwnServers(['nats', 'mongo', 'minio', 'opensearch'], (own) => {
  /** Resolves when some node says that it lacks the server. */
  const missed = (nodes: readonly Node[], title: string): Promise<boolean> =>
    until(`a node says that ${title} is away`, async () => {
      const answers = await Promise.all(nodes.map((node) => node.ready()));
      return answers.some((answer) => answer?.status === 503 && answer.reasons.some((reason) => reason.includes(title)));
    });
  const allReady = (nodes: readonly Node[]): Promise<boolean> =>
    until('all nodes are ready again', async () => {
      const answers = await Promise.all(nodes.map((node) => node.ready()));
      return answers.every((answer) => answer?.status === 200);
    });

  // Whatever a test that failed left them in.
  afterEach(async () => {
    for (const { server } of servers) {
      await own().tell('thaw', server);
      await own().tell('start', server);
    }
  }, 240_000);

  it.each(servers)(
    '$title is stopped and then frozen in the middle: uploads are taken or asked to come again, and all is well afterwards',
    async ({ server, title }) => {
      const mesh = openMesh(own().env, { serversToo: true });
      const nodes = await startRoles(mesh, roles);
      const [, edge] = nodes;
      const client = new Client(() => edge);

      for (const [harm, heal] of harms) {
        // Work is under way when it happens.
        const { size } = client.taken;
        client.send(before);
        await until('some of it is taken', () => client.taken.size > size);
        await own().tell(harm, server);
        await Promise.all([client.sendFor(awayMs, everyMs), missed(nodes, title)]);
        await own().tell(heal, server);
        await client.done();
        await allReady(nodes);
        await consistent(mesh, edge, client);
      }
      expect(client.wrong).toEqual([]);
    },
    600_000,
  );

  it.each(servers)(
    'nodes that start while $title is away wait for it, say so again and again, and go on by themselves',
    async ({ server, title, users }) => {
      await own().tell('stop', server);
      const mesh = openMesh(own().env, { serversToo: true });
      const [core, edge, worker] = await Promise.all(roles.map((role) => mesh.start(`${role}-1`, role)));
      const nodes = { core, edge, worker } as Record<(typeof roles)[number], Node>;
      const says = new RegExp(`Waiting for [^\\n]*${title}.*`, 'g');
      for (const role of users) {
        const { id, ready, output } = nodes[role];
        await until(`${id} says three times that it waits for ${title}`, () => (output().match(says)?.length ?? 0) > 2);
        const answer = await ready();
        expect(answer).toEqual({ status: 503, reasons: expect.arrayContaining([expect.stringContaining(title)]) });
      }
      // Who has no use for it is not kept.
      for (const role of roles.filter((one) => !(users as readonly string[]).includes(one)))
        expect((await nodes[role].ready())?.reasons.join()).not.toContain(title);
      await own().tell('start', server);
      await allReady(Object.values(nodes));
      const client = new Client(() => nodes.edge);
      client.send(1);
      await client.done();
      await consistent(mesh, nodes.edge, client);
    },
    600_000,
  );
});
