import { whenThere } from './when-there.ts';

type Told = [server: string, reason?: string];

/** Opens at the n-th try; before that, each try fails in its own way. */
function opening(failures: unknown[], rest: { restMs?: number; sayMs?: number } = {}) {
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

  it('is said to be waited for while a try takes long, with the latest reason', async () => {
    const told: Told[] = [];
    const { promise: there, resolve } = Promise.withResolvers<string>();
    const tries = [() => Promise.reject(new Error('refused')), () => there];
    const onWaiting = (...line: Told): void => {
      if (told.push(line) === 4) resolve('open');
    };
    const options = { onWaiting, signal: new AbortController().signal, restMs: 1, sayMs: 2 };
    expect(await whenThere('S3', () => tries.shift()!(), options)).toBe('open');
    expect(told.slice(0, 4)).toEqual(Array(4).fill(['S3', 'refused']));
    expect(told.at(-1)).toEqual(['S3']);
  });

  it('says so too where the first try takes long', async () => {
    const first = Promise.withResolvers<string>();
    const told: Told[] = [];
    const onWaiting = (...line: Told): void => {
      told.push(line);
      first.resolve('open');
    };
    await whenThere('S3', () => first.promise, { onWaiting, signal: new AbortController().signal, sayMs: 1 });
    expect(told[0]).toEqual(['S3', 'no answer yet']);
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
