import { eventRing } from './event-ring.ts';

const filled = (count: number, size = 3) => {
  const ring = eventRing({ epoch: 'E1', size });
  for (let n = 1; n <= count; n++) ring.push('happened', [`asset:${n}`], { n });
  return ring;
};
const numbers = (sent: { n: number }[] | null) => sent?.map(({ n }) => n);

describe('event ring', () => {
  it('gives what came after an id, in order', () => {
    expect(numbers(filled(3).since('E1-1'))).toEqual([2, 3]);
    expect(numbers(filled(5).since('E1-2'))).toEqual([3, 4, 5]);
  });
  it('gives nothing to who has seen all', () => {
    expect(filled(5).since('E1-5')).toEqual([]);
    expect(filled(0).since('E1-0')).toEqual([]);
  });
  it.each(['E1-1', 'E1-6', 'E0-5', 'E1', 'E1-', 'E1--1', 'E1-1.5', '', 'nonsense-2'])(
    'does not know %j any more, or never did',
    (id) => {
      expect(filled(5).since(id)).toBeNull();
    },
  );
  it('names the last event, so that the one after it can be asked for', () => {
    const ring = filled(2);
    const before = ring.last();
    const sent = ring.push('happened', [], {});
    expect(ring.since(before)).toEqual([sent]);
    expect(ring.idOf(sent)).toBe(ring.last());
  });
});
