import { withOwnServers } from '../fixtures/own-servers.ts';
import { until } from '../integration/app.ts';
import { Client, consistent } from './collection.ts';
import { openMesh, startReady, type Node } from './fixture.ts';

const servers = [
  { server: 'mongo', title: 'MongoDB' },
  { server: 'nats', title: 'NATS' },
  { server: 'minio', title: 'S3' },
  { server: 'opensearch', title: 'OpenSearch' },
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

  it.each(servers)(
    '$title is stopped and then frozen in the middle: uploads are taken or asked to come again, and all is well afterwards',
    async ({ server, title }) => {
      const mesh = openMesh(own().env, { serversToo: true });
      const roles = ['core', 'edge', 'worker'] as const;
      const nodes = await Promise.all(roles.map((role) => startReady(mesh, `${role}-1`, role)));
      const [, edge] = nodes as [Node, Node, Node];
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
});
