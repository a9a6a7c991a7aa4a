import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { channelConformance } from '../../test/conformance/channel.ts';
import { assertStats, eventually, gate, many, message, record, settled } from '../../test/conformance/channel/case.ts';
import { openJournal } from './journal/open.ts';

const root = await mkdtemp(join(tmpdir(), 'vitrail-journal-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const fileOf = (place: string): string => join(root, place, 'channel.sqlite');

channelConformance('journal', (place) => openJournal({ file: fileOf(place) }));

/** Runs a script in a process with the journal open as `channel`, and kills it without warning when it has said `said`. */
async function runAndKill(place: string, body: string, said: string): Promise<string[]> {
  const script = `
    import { openJournal } from ${JSON.stringify(join(import.meta.dirname, 'journal/open.ts'))};
    const channel = await openJournal({ file: ${JSON.stringify(fileOf(place))} });
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line === said) child.kill('SIGKILL');
  }
  expect((await exit)[1]).toBe('SIGKILL');
  return lines;
}

describe('the journal', () => {
  it('gives back at once what a killed process had in work, with its deliveries counted', async () => {
    await runAndKill(
      'killed',
      `let given = 0;
       await channel.consume(() => { if (++given === 3) console.log('three in work'); return new Promise(() => {}); }, { inFlight: 3, leaseMs: 3_600_000 });
       await channel.publish(['a', 'b', 'c', 'd'].map((key) => ({ lane: 'backfill', key, body: key })));
       setInterval(() => {}, 1000);`,
      'three in work',
    );
    const channel = await openJournal({ file: fileOf('killed') });
    await assertStats(channel, { backfill: { waiting: 4 } });
    const consumer = await record(channel, () => 'done', { inFlight: 1 });
    await consumer.given(4);
    await settled(channel);
    expect(consumer.deliveries.map(({ key, deliveries }) => `${key} ${deliveries}`)).toEqual(['a 2', 'b 2', 'c 2', 'd 1']);
    await channel.close();
  });

  it('loses no message that was published before the process was killed in the middle of publishing', async () => {
    const lines = await runAndKill(
      'publishing',
      `for (let i = 0; ; i++) {
         await channel.publish([{ lane: 'interactive', key: 'k' + i, body: i }]);
         console.log(String(i));
         if (i % 50 === 0) await new Promise(setImmediate);
       }`,
      '400',
    );
    const channel = await openJournal({ file: fileOf('publishing') });
    const { interactive } = await channel.stats();
    expect(interactive.waiting).toBeGreaterThanOrEqual(lines.length);
    const consumer = await record(channel, () => 'done', { inFlight: 8 });
    await settled(channel);
    const keys = new Set(consumer.keys());
    expect(lines.filter((line) => !keys.has(`k${line}`))).toEqual([]);
    await channel.close();
  });

  it('keeps a change that was published while its key was in work, across a kill', async () => {
    await runAndKill(
      'changed',
      `await channel.consume(async () => {
         await channel.publish([{ lane: 'interactive', key: 'a', body: 'new' }]);
         console.log('published');
         return new Promise(() => {});
       }, { inFlight: 1 });
       await channel.publish([{ lane: 'interactive', key: 'a', body: 'old' }]);
       setInterval(() => {}, 1000);`,
      'published',
    );
    const channel = await openJournal({ file: fileOf('changed') });
    const consumer = await record(channel);
    await settled(channel);
    expect(consumer.deliveries.map(({ body }) => body)).toEqual(['new']);
    await channel.close();
  });

  it('tells handlers whose journal was opened by another that they have lost it, and settles nothing of theirs', async () => {
    const first = await openJournal({ file: fileOf('taken') });
    const door = gate();
    const loser = await record(first, () => door.opened.then(() => 'done'), { leaseMs: 30 });
    await first.publish([message('a')]);
    await loser.given(1);
    const second = await openJournal({ file: fileOf('taken') });
    await eventually(() => loser.deliveries[0]?.signal.aborted === true, 'the signal tells');
    await loser.consumer.stop();
    door.open();
    await first.close();
    await assertStats(second, { interactive: { waiting: 1 } });
    await second.close();
  });

  it('keeps the event loop free for others while thousands of messages are published, delivered and revived', async () => {
    const channel = await openJournal({ file: fileOf('large') });
    let turns = 0;
    let turning = setImmediate(function turn() {
      turns++;
      turning = setImmediate(turn);
    });
    await channel.publish(many(5000));
    const whilePublishing = turns;
    const consumer = await record(
      channel,
      () => {
        throw new Error('no');
      },
      { inFlight: 50, maxDeliveries: 1 },
    );
    await consumer.given(5000);
    await settled(channel);
    const whileDelivering = turns;
    await consumer.consumer.stop();
    expect(await channel.revive()).toBe(5000);
    clearImmediate(turning);
    expect(whilePublishing).toBeGreaterThan(30);
    expect(whileDelivering - whilePublishing).toBeGreaterThan(500);
    expect(turns - whileDelivering).toBeGreaterThan(30);
    await channel.close();
  });

  it('keeps one dead letter of a key, and revives it into the message that waits already', async () => {
    const channel = await openJournal({ file: fileOf('twice') });
    let reason = 'first';
    const consumer = await record(
      channel,
      () => {
        throw new Error(reason);
      },
      { maxDeliveries: 1 },
    );
    const letters = async (): Promise<string[]> => (await channel.deadLetters()).map((letter) => letter.reason);
    await channel.publish([message('a')]);
    await eventually(async () => (await letters()).length === 1, 'dead');
    reason = 'second';
    await channel.publish([message('a')]);
    await eventually(async () => (await letters()).includes('Error: second'), 'dead again');
    expect(await letters()).toEqual(['Error: second']);
    await consumer.consumer.stop();
    await channel.publish([message('a')], { delayMs: 3_600_000 });
    expect(await channel.revive()).toBe(1);
    await assertStats(channel, { interactive: { waiting: 1 } });
    await channel.close();
  });

  it('counts right after all that can happen to messages', async () => {
    const channel = await openJournal({ file: fileOf('counts') });
    const consumer = await record(
      channel,
      ({ key, deliveries }) => {
        const chance = (Number(key.slice(1)) * 7 + deliveries * 3) % 10;
        if (chance < 3) throw new Error('no');
        return chance < 5 ? { againInMs: 3_600_000 } : 'done';
      },
      { maxDeliveries: 1 },
    );
    for (let round = 0; round < 3; round++) {
      await channel.publish([...many(100), ...many(100, 'backfill')]);
      await eventually(
        async () => Object.values(await channel.stats()).every(({ waiting, inFlight }) => waiting + inFlight === 0),
        'all tried',
      );
      await channel.revive();
    }
    await consumer.consumer.stop();
    await channel.close();

    const db = new Database(fileOf('counts'), { readonly: true });
    const counted = db
      .prepare(`SELECT lane, state, count(*) AS messages FROM messages GROUP BY lane, state ORDER BY lane, state`)
      .all();
    expect(counted.length).toBeGreaterThan(1);
    expect(db.prepare(`SELECT lane, state, messages FROM totals WHERE messages <> 0 ORDER BY lane, state`).all()).toEqual(
      counted,
    );
    db.close();
  });

  it('refuses a lane and a number in flight that there cannot be', async () => {
    const channel = await openJournal({ file: fileOf('refuses') });
    await expect(channel.publish([{ ...message('a'), lane: 'slow' as 'backfill' }])).rejects.toThrow(/no lane 'slow'/);
    await expect(channel.consume(async () => 'done', { inFlight: 0 })).rejects.toThrow(/inFlight/);
    await assertStats(channel, {});
    await channel.close();
  });
});
