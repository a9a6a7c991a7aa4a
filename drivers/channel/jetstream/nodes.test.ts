import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { assertStats, eventually, gate, many, message, record, settled } from '../../../test/conformance/channel/case.ts';
import { ownChannels } from '../../../test/fixtures/own-channels.ts';
import { withServers } from '../../../test/fixtures/servers.ts';

withServers(['jetstream'], ({ VITRAIL_NATS_URL: url }) => {
  const own = ownChannels(() => url);

  /** Runs a script in a process of its own, with the channel open as `channel`, and kills it without warning when it has said `said`. */
  async function runAndKill(place: string, body: string, said: string): Promise<void> {
    const script = `
      import { openJetStream } from ${JSON.stringify(join(import.meta.dirname, 'open.ts'))};
      const channel = await openJetStream(${JSON.stringify({ url, name: `${own.prefix}-${place}` })});
      ${body}`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    for await (const line of createInterface({ input: child.stdout })) if (line === said) child.kill('SIGKILL');
    expect((await exit)[1]).toBe('SIGKILL');
  }

  describe('nodes that share a channel on JetStream', () => {
    it('share the work, and one that is added gets some at once', async () => {
      const [first, second] = [await own.open('shared'), await own.open('shared')];
      const door = gate();
      const one = await record(first, () => door.opened.then(() => 'done'), { inFlight: 2 });
      await first.publish(many(40));
      await one.given(2);
      const two = await record(second, () => door.opened.then(() => 'done'), { inFlight: 3 });
      await two.given(3);
      await assertStats(first, { interactive: { waiting: 35, inFlight: 5 } });
      const third = await own.open('shared');
      const three = await record(third, () => door.opened.then(() => 'done'), { inFlight: 1 });
      await three.given(1);
      door.open();
      await settled(second);
      const keys = [one, two, three].flatMap((consumer) => consumer.keys());
      expect([keys.length, new Set(keys).size]).toEqual([40, 40]);
    });

    it('never have two of a key in work at once, and deliver the newer one when the other has finished', async () => {
      const [first, second] = [await own.open('one-key'), await own.open('one-key')];
      const door = gate();
      const one = await record(first, ({ body }) => (body === 1 ? door.opened.then(() => 'done') : 'done'), { inFlight: 1 });
      await second.publish([message('a', 'interactive', 1)]);
      await one.given(1);
      const two = await record(second);
      await second.publish([message('a', 'interactive', 2), message('b')]);
      await two.given(1);
      expect(two.keys()).toEqual(['b']);
      await assertStats(second, { interactive: { waiting: 1, inFlight: 1 } });
      door.open();
      await settled(second);
      const bodies = [one, two].flatMap(({ deliveries }) => deliveries).map(({ key, body }) => [key, body]);
      expect(bodies).toEqual(expect.arrayContaining([['a', 1], ['a', 2], ['b', { key: 'b' }]])); // prettier-ignore
      expect(bodies).toHaveLength(3);
    });

    it('get what a killed one had in work after its lease, with its deliveries counted', async () => {
      await runAndKill(
        'killed',
        `let given = 0;
         await channel.consume(() => { if (++given === 3) console.log('three in work'); return new Promise(() => {}); }, { inFlight: 3, leaseMs: 2000 });
         await channel.publish(['a', 'b', 'c', 'd'].map((key) => ({ lane: 'backfill', key, body: key })));`,
        'three in work',
      );
      const channel = await own.open('killed');
      await assertStats(channel, { backfill: { waiting: 1, inFlight: 3 } });
      const consumer = await record(channel, () => 'done', { inFlight: 1 });
      await consumer.given(4);
      await settled(channel);
      expect(consumer.deliveries.map(({ key, deliveries }) => `${key} ${deliveries}`).sort()).toEqual([
        'a 2',
        'b 2',
        'c 2',
        'd 1',
      ]);
    });

    it('keep a change that was published while its key was in work on one that was killed', async () => {
      await runAndKill(
        'changed',
        `await channel.consume(async () => {
           await channel.publish([{ lane: 'interactive', key: 'a', body: 'new' }]);
           console.log('published');
           return new Promise(() => {});
         }, { inFlight: 1, leaseMs: 2000 });
         await channel.publish([{ lane: 'interactive', key: 'a', body: 'old' }]);`,
        'published',
      );
      const channel = await own.open('changed');
      const consumer = await record(channel);
      await consumer.given(1);
      await settled(channel);
      expect(consumer.deliveries.map(({ body, deliveries }) => [body, deliveries])).toEqual([['new', 2]]);
    });

    it('get at once what one that closes had in work', async () => {
      const [first, second] = [await own.open('closes'), await own.open('closes')];
      const one = await record(first, () => new Promise(() => undefined), { leaseMs: 3_600_000 });
      await first.publish(many(4));
      await one.given(4);
      const two = await record(second);
      await first.close();
      await two.given(4);
      await settled(second);
      expect(two.deliveries.map(({ deliveries }) => deliveries)).toEqual([2, 2, 2, 2]);
    });

    it('learn by the signal that their lease was lost, and settle nothing any more', async () => {
      const channel = await own.open('lost');
      const door = gate();
      const loser = await record(channel, () => door.opened.then(() => 'done'), { leaseMs: 2000 });
      await channel.publish([message('a')]);
      await loser.given(1);
      // As if the lease had gone by unrenewed, and another had taken and finished the message.
      await own.look((jsm) => jsm.streams.purge(`${own.prefix}-lost-work-interactive`));
      await eventually(() => loser.deliveries[0]?.signal.aborted === true, 'the signal tells');
      const winner = gate();
      const other = await record(await own.open('lost'), () => winner.opened.then(() => 'done'));
      await loser.consumer.stop();
      await channel.publish([message('a')]);
      await other.given(1);
      door.open();
      await assertStats(channel, { interactive: { inFlight: 1 } });
      winner.open();
      await settled(channel);
    });

    it('neither lose nor double anything while all of them publish, put off, fail and finish at once', async () => {
      const nodes = [await own.open('churn'), await own.open('churn')];
      const inWork = new Set<string>();
      const seen = new Set<string>();
      let beside = 0;
      let again = 200;
      const consumers = nodes.map((node) =>
        record(
          node,
          async ({ lane, key, deliveries }) => {
            const name = `${lane} ${key}`;
            if (inWork.has(name)) beside++;
            inWork.add(name);
            seen.add(name);
            await new Promise(setImmediate);
            const chance = (Number(key.slice(1)) * 7 + deliveries * 3) % 20;
            if (chance < 6 && again-- > 0) await node.publish([message(key, lane)]);
            inWork.delete(name);
            if (chance === 7 || chance === 8) return { againInMs: 50 };
            if (chance === 9 && deliveries === 1) throw new Error('no');
            return 'done';
          },
          { inFlight: 8 },
        ),
      );
      for (let round = 0; round < 4; round++) {
        const delayMs = round % 2 === 0 ? 0 : 100;
        await Promise.all(nodes.map((node) => node.publish([...many(60), ...many(60, 'backfill')], { delayMs })));
      }
      for (const consumer of await Promise.all(consumers)) await consumer.given(1);
      await settled(nodes[0]!);
      await assertStats(nodes[1]!, {});
      expect([seen.size, beside]).toEqual([120, 0]);
    });
  });
});
