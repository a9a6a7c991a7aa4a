import { normalized } from './embedding.ts';

describe('normalized', () => {
  it('makes the length 1 and keeps the direction', () => {
    expect(normalized([3, -4])).toEqual([0.6, -0.8]);
  });

  it('leaves zeros alone', () => {
    expect(normalized([0, 0])).toEqual([0, 0]);
  });
});
