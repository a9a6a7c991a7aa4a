import { breakers } from './breakers.ts';

describe('breakers', () => {
  const one = { nodeID: 'worker-1', action: 'enricher.a.enrich' };

  it('are closed until they are told to have opened, and as they are told then', () => {
    const known = breakers();
    expect(known.of(one.action, one.nodeID)).toBe('closed');
    for (const state of ['open', 'half-open', 'open', 'closed'] as const) {
      known.note(one, state);
      expect(known.of(one.action, one.nodeID)).toBe(state);
    }
  });

  it('are of one action on one node, and go with the node', () => {
    const known = breakers();
    known.note(one, 'open');
    known.note({ ...one, nodeID: 'worker-2' }, 'half-open');
    expect(known.of('enricher.b.enrich', 'worker-1')).toBe('closed');
    known.forget('worker-1');
    expect([known.of(one.action, 'worker-1'), known.of(one.action, 'worker-2')]).toEqual(['closed', 'half-open']);
  });
});
