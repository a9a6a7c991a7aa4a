/**
 * The program, hearing every event three times and in no order: what a service is told of others is held back three times, each time for
 * another while. Says when it begins to hold back, and when it holds nothing back.
 */
import type { Context, Middleware, Service } from 'moleculer';
import { run } from '../../command.ts';
import options from '../../moleculer.config.ts';

/** For how long at most, in ms: much longer than there is between two events of an upload. */
const longestMs = 2000;
let held = 0;

const threeTimes: Middleware = {
  name: 'three-times',
  localEvent(next, { name }) {
    const hear = next as (this: Service, ctx: Context) => unknown;
    // What the broker tells of itself is no message.
    if (name?.startsWith('$')) return next;
    return function (this: Service, ctx: Context): Promise<void> {
      const now = async (): Promise<void> => {
        try {
          await hear.call(this, ctx);
        } catch (error) {
          console.error(`ERROR on ${ctx.eventName ?? ''}`, error);
        }
        if (--held === 0) console.log('Nothing is held back');
      };
      if (held === 0) console.log('Events are held back');
      held += 3;
      for (let copy = 0; copy < 3; copy += 1) setTimeout(() => void now(), Math.random() * longestMs);
      return Promise.resolve();
    };
  },
};

options.middlewares.push(threeTimes);
await run(process.argv.slice(2));
