import { VitrailError } from '../services/contracts/errors.ts';
import { patiently } from './patience.ts';

const away = new VitrailError('engine.away', 'The database does not answer.');
/** Fails so often, then does well. */
function failing(times: number, error: unknown = away) {
  const state = { tries: 0 };
  const work = async () => {
    state.tries += 1;
    if (state.tries <= times) throw error;
    return 'done';
  };
  return { state, work };
}

describe('patience', () => {
  it('comes again until nothing is away', async () => {
    const { state, work } = failing(3);
    expect(await patiently(work, { restMs: 1 })).toBe('done');
    expect(state.tries).toBe(4);
  });

  it('has none with what coming again would not change', async () => {
    const { state, work } = failing(1, new TypeError('a bug'));
    await expect(patiently(work, { restMs: 1 })).rejects.toThrow('a bug');
    expect(state.tries).toBe(1);
  });

  it('ends at its limit, with what was thrown last', async () => {
    const { work } = failing(Infinity);
    await expect(patiently(work, { restMs: 1, limitMs: 5 })).rejects.toBe(away);
  });

  it('ends at once with its signal, without another try', async () => {
    const controller = new AbortController();
    const { state, work } = failing(Infinity);
    const waiting = patiently(work, { restMs: 2 ** 30, signal: controller.signal });
    while (state.tries === 0) await new Promise(setImmediate);
    controller.abort();
    await expect(waiting).rejects.toBe(away);
    expect(state.tries).toBe(1);
  });
});
