import { whenThere } from './when-there.ts';

type Told = [server: string, reason?: string];

/** Opens at the n-th try; before that, each try fails in its own way. */
function opening(failures: unknown[], rest: { restMs?: number } = {}) {
  const told: Told[] = [];
  const left = [...failures];
  const controller = new AbortController();
  const open = async () => {
    if (left.length > 0) throw left.shift();
    return 'open';
  };
  const onWaiting = (...line: Told) => void told.push(line);
  const opened = whenThere('MongoDB', open, { onWaiting, signal: controller.signal, restMs: 1, ...rest });
  return { opened, told, controller, left };
}

describe('what stands on a server', () => {
  it('is opened at once where it is there, and nothing is said', async () => {
    const { opened, told } = opening([]);
    expect(await opened).toBe('open');
    expect(told).toEqual([]);
  });

  it('is waited for, saying why each time, and that it is over', async () => {
    const { opened, told } = opening([new Error('refused'), 'a string']);
    expect(await opened).toBe('open');
    expect(told).toEqual([['MongoDB', 'refused'], ['MongoDB', 'a string'], ['MongoDB']]);
  });

  it('does not flood the log with a reason', async () => {
    const { opened, told } = opening([new Error('x'.repeat(5000))]);
    await opened;
    expect(told[0]![1]).toHaveLength(300);
  });

  it.each([TypeError, RangeError])('is not waited for where the settings will not do (%p)', async (Unfit) => {
    const { opened, told, left } = opening([new Unfit('no address'), new Error('never tried')]);
    await expect(opened).rejects.toMatchObject({ name: 'ConfigError', message: 'MongoDB cannot be used: no address' });
    expect([told, left.length]).toEqual([[], 1]);
  });

  it('is given up at once by its signal', async () => {
    const { opened, told, controller, left } = opening([new Error('refused'), new Error('never tried')], { restMs: 2 ** 30 });
    while (told.length === 0) await new Promise(setImmediate);
    controller.abort();
    await expect(opened).rejects.toThrow('refused');
    expect(left).toHaveLength(1);
  });
});
