import { setImmediate as nextTurn } from 'node:timers/promises';
import { lanes, placesOf, type Channel, type Consumer } from '../port.ts';
import { startConsumer } from './consumer.ts';
import { Dispatcher } from './dispatcher.ts';
import { openQueue } from './queue.ts';
import { openDatabase } from './schema.ts';
import { openSurvey } from './survey.ts';

/** Messages a transaction, so that it stays far below 10 ms on the event loop. */
const slice = 128;

/**
 * A channel in one SQLite file, which belongs to one process at a time: opening it takes over what a former one had in work.
 * Nothing is polled: consumers wake when something is published or settled here, and when the next message becomes due.
 */
export async function openJournal({ file }: { file: string }): Promise<Channel> {
  const db = openDatabase(file);
  const queue = openQueue(db);
  const survey = openSurvey(db);
  const dispatcher = new Dispatcher(queue);
  const assertOpen = (): void => {
    if (!db.open) throw new Error('the channel is closed: open it again to use it');
  };

  return {
    async publish(messages, { delayMs = 0 } = {}) {
      const unknown = messages.find(({ lane }) => !lanes.includes(lane));
      if (unknown) throw new RangeError(`there is no lane '${unknown.lane}': use ${lanes.join(' or ')}`);
      const dueAt = Math.ceil(Date.now() + Math.max(0, delayMs));
      for (let from = 0; from < messages.length; from += slice) {
        if (from > 0) await nextTurn();
        assertOpen();
        queue.add(messages.slice(from, from + slice), dueAt);
        dispatcher.wake();
      }
      assertOpen();
    },

    async consume(handler, options): Promise<Consumer> {
      assertOpen();
      placesOf(options);
      const consumer = startConsumer(queue, handler, options, () => dispatcher.wake());
      dispatcher.add(consumer);
      return {
        wake: consumer.wake,
        async stop(graceMs) {
          await consumer.stop(graceMs);
          dispatcher.remove(consumer);
        },
      };
    },

    async stats() {
      assertOpen();
      return survey.stats(Date.now());
    },

    async deadLetters({ limit = 100 } = {}) {
      assertOpen();
      return survey.deadLetters(limit);
    },

    async revive(ids) {
      let revived = 0;
      for (let last = slice; last === slice; revived += last) {
        if (revived > 0) await nextTurn();
        assertOpen();
        last = survey.revive(slice, ids, Date.now());
        dispatcher.wake();
      }
      return revived;
    },

    async close() {
      if (!db.open) return;
      try {
        dispatcher.close();
      } finally {
        db.close();
      }
    },
  };
}
