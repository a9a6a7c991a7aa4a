import { frequencies } from './frequencies.ts';

describe('frequencies', () => {
  it('count questions', () => {
    const asked = frequencies(10);
    for (const key of ['a', 'b', 'a']) asked.add(key);
    expect(['a', 'b', 'c'].map(asked.count)).toEqual([2, 1, 0]);
  });
  it('forget: half after one window, all after two', () => {
    const asked = frequencies(4);
    for (const key of ['a', 'a', 'a', 'a']) asked.add(key);
    expect(asked.count('a')).toBe(2);
    for (const key of ['b', 'b', 'b', 'b']) asked.add(key);
    expect([asked.count('a'), asked.count('b')]).toEqual([0, 2]);
  });
});
