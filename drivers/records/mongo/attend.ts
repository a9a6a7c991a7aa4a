import { closedError, translated, unavailable } from './errors.ts';
import type { Attend } from './records.ts';
import { within } from './within.ts';

/** Watches over a store's operations until it is closed. `where` names the servers in errors. */
export function attendant({ where, timeoutMs }: { where: string; timeoutMs: number }): {
  attend: Attend;
  close(): Promise<void>;
} {
  const running = new Set<Promise<unknown>>();
  let closed = false;

  function late(): never {
    throw unavailable(where, `nothing within ${timeoutMs} ms`);
  }

  return {
    async attend(work, time) {
      if (closed) throw closedError();
      const working = work();
      const attended = (time === 'short' ? within(timeoutMs, working, late) : working).catch((error: unknown) => {
        throw translated(error, where);
      });
      const settled = attended.then(
        () => undefined,
        () => undefined,
      );
      running.add(settled);
      void settled.then(() => running.delete(settled));
      return attended;
    },
    async close() {
      closed = true;
      await Promise.all(running);
    },
  };
}
