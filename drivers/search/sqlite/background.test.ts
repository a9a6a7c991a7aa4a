import { Background } from './background.ts';

function* steps(log: string[], name: string, count: number): Generator<void> {
  for (let i = 1; i <= count; i++) {
    log.push(`${name}${i}`);
    yield;
  }
}

describe('work in the background', () => {
  it('is done piece after piece, also what is added meanwhile', async () => {
    const background = new Background();
    const log: string[] = [];
    background.add(steps(log, 'a', 3));
    const done = background.done();
    background.add(steps(log, 'b', 2));
    await done;
    expect(log).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
  });

  it('lets others have their turn between two steps', async () => {
    const background = new Background();
    const log: string[] = [];
    background.add(steps(log, 'a', 3));
    await new Promise(setImmediate);
    log.push('turn');
    await background.done();
    expect(log.indexOf('turn')).toBeLessThan(log.indexOf('a3'));
  });

  it('tells those who wait that it failed or was stopped', async () => {
    const failing = new Background();
    failing.add(
      (function* (): Generator<void> {
        yield;
        throw new Error('broken row');
      })(),
    );
    await expect(failing.done()).rejects.toThrow('broken row');
    const stopped = new Background();
    const log: string[] = [];
    stopped.add(steps(log, 'a', 1000));
    const done = stopped.done();
    stopped.stop();
    await expect(done).rejects.toThrow('closed');
    expect(log.length).toBeLessThan(3);
  });
});
