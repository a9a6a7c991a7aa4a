import { inOrder, type About, type InOrder } from './in-order.ts';

/** Operations that end when they are told to, and what has begun. */
function stage(order: InOrder) {
  const begun: string[] = [];
  const issue = (kind: 'read' | 'write', about: About, name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const result = order[kind](about, () => {
      begun.push(name);
      return promise;
    });
    return { end: () => resolve(name), fail: () => reject(new Error(name)), result };
  };
  return { begun, issue };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('operations on records', () => {
  it('wait for the earlier writes of the same record, and for no others', async () => {
    const { begun, issue } = stage(inOrder(60_000));
    const first = issue('write', ['a'], 'first');
    const second = issue('write', ['a'], 'second');
    issue('read', ['a'], 'read');
    issue('write', ['b'], 'other');
    await turn();
    expect(begun).toEqual(['first', 'other']);
    first.end();
    await turn();
    expect(begun).toEqual(['first', 'other', 'second']);
    second.end();
    await turn();
    expect(begun).toEqual(['first', 'other', 'second', 'read']);
  });

  it('wait for the earlier writes of each record they are about', async () => {
    const { begun, issue } = stage(inOrder(60_000));
    const a = issue('write', ['a'], 'a');
    const b = issue('write', ['b'], 'b');
    const both = issue('write', ['a', 'b'], 'both');
    issue('read', ['b'], 'read');
    issue('read', ['c'], 'other');
    a.end();
    await turn();
    expect(begun).toEqual(['a', 'b', 'other']);
    b.end();
    await turn();
    expect(begun).toEqual(['a', 'b', 'other', 'both']);
    both.end();
    await turn();
    expect(begun).toEqual(['a', 'b', 'other', 'both', 'read']);
  });

  it('wait for all earlier writes where they are about many records, and later ones wait for them', async () => {
    const { begun, issue } = stage(inOrder(60_000));
    const one = issue('write', ['a'], 'one');
    const many = issue('write', null, 'many');
    issue('read', null, 'find');
    issue('write', ['b'], 'after');
    await turn();
    expect(begun).toEqual(['one']);
    one.end();
    await turn();
    expect(begun).toEqual(['one', 'many']);
    many.end();
    await turn();
    expect(begun).toEqual(['one', 'many', 'find', 'after']);
  });

  it('go on after a write that failed, which fails alone', async () => {
    const { begun, issue } = stage(inOrder(60_000));
    const failing = issue('write', ['a'], 'failing');
    const next = issue('write', ['a'], 'next');
    failing.fail();
    await expect(failing.result).rejects.toThrow('failing');
    next.end();
    expect(await next.result).toBe('next');
    expect(begun).toEqual(['failing', 'next']);
  });

  it('are not held up for ever by a write that takes very long', async () => {
    const { begun, issue } = stage(inOrder(1));
    issue('write', null, 'very long');
    const read = issue('read', ['a'], 'read');
    read.end();
    expect(await read.result).toBe('read');
    expect(begun).toEqual(['very long', 'read']);
  });
});
