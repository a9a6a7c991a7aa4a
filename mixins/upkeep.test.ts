import { jest } from '@jest/globals';
import { Errors, ServiceBroker } from 'moleculer';
import { upkeep, type Upkeep, type UpkeepOptions } from './upkeep.ts';

const { logger } = new ServiceBroker({ logger: false });
const never = 2 ** 30;
let begun: Upkeep | undefined;
afterEach(() => begun?.end());

/** Rounds that fail as often as told, and a way to wait for the n-th. */
function rounds(failing: number, options: Partial<UpkeepOptions> = {}) {
  const firsts: boolean[] = [];
  const waiting = new Map<number, () => void>();
  const kept = upkeep({
    logger,
    everyMs: never,
    retryMs: [1, 1, 1],
    round({ first }) {
      firsts.push(first);
      waiting.get(firsts.length)?.();
      return firsts.length <= failing ? Promise.reject(new Error('away')) : Promise.resolve({});
    },
    ...options,
  });
  begun = kept;
  const nth = (count: number) =>
    new Promise<void>((reached) => {
      waiting.set(count, reached);
      if (firsts.length >= count) reached();
    });
  return { kept, firsts, nth };
}

describe('upkeep', () => {
  it('comes by the clock', async () => {
    const { kept, firsts, nth } = rounds(0, { everyMs: 1 });
    await kept.begin();
    await nth(3);
    expect(firsts.slice(0, 3)).toEqual([true, false, false]);
  });

  it('comes again soon after a round that failed, long before the clock would say so', async () => {
    const { kept, nth } = rounds(2);
    await kept.begin();
    await nth(3);
  });

  it('counts failures anew once a round did well', async () => {
    let count = 0;
    begun = upkeep({
      logger,
      everyMs: never,
      retryMs: [1],
      round: () => (count++ % 2 === 0 ? Promise.reject(new Error('away')) : Promise.resolve({})),
    });
    await begun.begin();
    while (count < 2) await new Promise(setImmediate);
    await begun.soon();
    while (count < 4) await new Promise(setImmediate);
  });

  it('says once that it waits for what is away, and anything else each time', async () => {
    const said = { warn: jest.spyOn(logger, 'warn'), error: jest.spyOn(logger, 'error') };
    for (const [error, warn, errors] of [
      [new Errors.ServiceNotFoundError({ action: 'media.changes' }), 1, 0],
      [new Error('a fault'), 0, 3],
    ] as const) {
      jest.clearAllMocks();
      const count = { rounds: 0 };
      begun = upkeep({
        logger,
        everyMs: never,
        retryMs: [1, 1],
        round: () => (count.rounds++, Promise.reject(error)),
      });
      await begun.begin();
      while (count.rounds < 3) await new Promise(setImmediate);
      await begun.end();
      expect([said.warn.mock.calls.length, said.error.mock.calls.length]).toEqual([warn, errors]);
    }
    jest.restoreAllMocks();
  });

  it('leaves it to the clock after as many failures as it has waits, and where the clock comes sooner', async () => {
    for (const [retryMs, everyMs, expected] of [
      [[1, 1], never, 3],
      [[never], never - 1, 1],
      [[], never, 1],
    ] as const) {
      const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
      const { kept, firsts, nth } = rounds(99, { retryMs, everyMs });
      await kept.begin();
      await nth(expected);
      await kept.end();
      expect(firsts).toHaveLength(expected);
      expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout')).toHaveLength(timers);
    }
  });

  it('does at once what is asked for after a rest, and else rests first, but for its end', async () => {
    const { kept, firsts } = rounds(0, { restMs: never });
    await kept.soon();
    const next = kept.soon();
    for (let turns = 0; turns < 10; turns++) await new Promise(setImmediate);
    expect(firsts).toHaveLength(1);
    await kept.end();
    await next;
    expect(firsts).toHaveLength(1);
  });

  it('never runs twice at once, and begins no round once it was ended', async () => {
    let under = 0;
    let most = 0;
    let count = 0;
    const { kept } = rounds(0, {
      async round() {
        most = Math.max(most, ++under);
        count += 1;
        await new Promise(setImmediate);
        under -= 1;
        return {};
      },
    });
    await Promise.all([kept.begin(), kept.soon(), kept.soon()]);
    expect([most, count]).toEqual([1, 2]);
    await kept.end();
    await kept.soon();
    expect(count).toBe(2);
  });
});
