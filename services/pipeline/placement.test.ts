import { placement, type Host } from './placement.ts';

const host = (nodeID: string, slots = 2): Host => ({ nodeID, slots });
const assets = Array.from({ length: 400 }, (_, number) => `asset-${number}`);

/** Where each asset would run on an idle mesh. */
const idle = (hosts: readonly Host[]): string[] =>
  assets.map((asset) => {
    const placed = placement().place(asset, hosts);
    return placed?.nodeID ?? '';
  });

describe('the place of a run', () => {
  it('is the same for an asset, whatever the order of the nodes', () => {
    const hosts = [host('a'), host('b'), host('c')];
    expect(idle(hosts)).toEqual(idle(hosts.toReversed()));
  });

  it('is shared out by the number of slots', () => {
    const places = idle([host('small', 1), host('large', 3)]);
    const small = places.filter((nodeID) => nodeID === 'small').length;
    expect(small).toBeGreaterThan(60);
    expect(small).toBeLessThan(140);
  });

  it('changes for few assets when a node comes', () => {
    const before = idle([host('a'), host('b'), host('c')]);
    const after = idle([host('a'), host('b'), host('c'), host('d')]);
    const moved = after.filter((nodeID, index) => nodeID !== before[index]);
    expect(new Set(moved)).toEqual(new Set(['d']));
    expect(moved.length).toBeLessThan(160);
  });

  it('is never a node that has much more in work than its share', () => {
    const { place } = placement();
    const hosts = [host('a'), host('b')];
    const places = assets.slice(0, 100).map((asset) => place(asset, hosts)?.nodeID);
    expect(places.filter((nodeID) => nodeID === 'a').length).toBeLessThanOrEqual(63);
    expect(places.filter((nodeID) => nodeID === 'b').length).toBeLessThanOrEqual(63);
  });

  it('is free again once the run is done, counted once', () => {
    const { place } = placement();
    const hosts = [host('a', 1), host('b', 1)];
    const [asset = ''] = assets;
    const first = place(asset, hosts)!;
    for (const _ of [1, 2, 3]) {
      const again = place(asset, hosts)!;
      again[Symbol.dispose]();
      again[Symbol.dispose]();
    }
    first[Symbol.dispose]();
    expect(place(asset, hosts)?.nodeID).toBe(first.nodeID);
  });

  it('is none where no node can take it', () => {
    expect(placement().place('asset', [])).toBeUndefined();
  });
});
