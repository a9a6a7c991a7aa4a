import { allServers } from '../fixtures/own-mesh.ts';
import { withOwnServers } from '../fixtures/own-servers.ts';
import { withServers } from '../fixtures/servers.ts';
import { until } from '../fixtures/until.ts';
import { Client, consistent } from './collection.ts';
import { openMesh, type Node } from './fixture.ts';

const roles = ['core', 'edge', 'worker'] as const;
/** Each server, with what the names of its variables begin with, and the roles that have a use for it. */
const servers = [
  { server: 'mongo', title: 'MongoDB', variables: 'VITRAIL_MONGO_', users: ['core', 'edge'] },
  { server: 'nats', title: 'NATS', variables: 'VITRAIL_NATS_', users: roles },
  { server: 'minio', title: 'S3', variables: 'VITRAIL_S3_', users: roles },
  { server: 'opensearch', title: 'OpenSearch', variables: 'VITRAIL_OPENSEARCH_', users: ['core'] },
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
/** What events told nobody of is looked for so often, in s. By default it is once a minute, and a mesh is whole again no sooner. */
const quick = { VITRAIL_RECONCILE_SECONDS: '5' };

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

withServers(allServers, (shared) => {
  withOwnServers(['nats', 'mongo', 'minio', 'opensearch'], (own) => {
    /** A mesh on the servers that all tests share, but for one. */
    const meshWithOwn = (variables: string) => {
      const named = Object.entries(own().env).filter(([name]) => name.startsWith(variables));
      return openMesh({ ...shared, ...Object.fromEntries(named) });
    };

    // Beside each other, each with a mesh and a server that nobody else has.
    it.concurrent.each(servers)(
      '$title is away when nodes start: they wait for it and say so; it is stopped and then frozen in the middle: uploads are taken or asked to come again; all is well afterwards',
      async ({ server, title, variables, users }) => {
        await own().tell('stop', server);
        const mesh = meshWithOwn(variables);
        const [core, edge, worker] = await Promise.all(roles.map((role) => mesh.start(`${role}-${server}`, role, quick)));
        const nodes = { core, edge, worker } as Record<(typeof roles)[number], Node>;
        const all = Object.values(nodes);
        const says = new RegExp(`Waiting for [^\\n]*${title}.*`, 'g');
        for (const role of users) {
          const { id, ready, output } = nodes[role];
          await until(`${id} says three times that it waits for ${title}`, async () => {
            // Fails, with what it printed, where the node has ended.
            await ready();
            return (output().match(says)?.length ?? 0) > 2;
          }).catch((error: unknown) => {
            throw new Error(`${String(error)}\n${output().slice(-3000)}`);
          });
          const answer = await ready();
          expect(answer).toEqual({ status: 503, reasons: expect.arrayContaining([expect.stringContaining(title)]) });
        }
        // Who has no use for it is not kept.
        for (const role of roles.filter((one) => !(users as readonly string[]).includes(one)))
          expect((await nodes[role].ready())?.reasons.join()).not.toContain(title);
        await own().tell('start', server);
        await allReady(all);

        const client = new Client(() => nodes.edge);
        for (const [harm, heal] of harms) {
          // Work is under way when it happens.
          const { size } = client.taken;
          client.send(before);
          await until('some of it is taken', () => client.taken.size > size);
          await own().tell(harm, server);
          await Promise.all([client.sendFor(awayMs, everyMs), missed(all, title)]);
          await own().tell(heal, server);
          await client.done();
          await allReady(all);
          await consistent(mesh, nodes.edge, client);
        }
        expect(client.wrong).toEqual([]);
      },
      600_000,
    );
  });
});
