import { placement, type Host } from './placement.ts';

const host = (nodeID: string, slots = 2): Host => ({ nodeID, slots });
const assets = Array.from({ length: 400 }, (_, number) => `asset-${number}`);

/** Where each asset would run on an idle mesh. */
const idle = (hosts: readonly Host[]): string[] => assets.map((asset) => placement().turn(asset).nodeOf(hosts) ?? '');

describe('the node of a run', () => {
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
    const placed = placement();
    const hosts = [host('a'), host('b')];
    const places = assets.slice(0, 100).map((asset) => placed.turn(asset).nodeOf(hosts));
    expect(places.filter((nodeID) => nodeID === 'a').length).toBeLessThanOrEqual(63);
    expect(places.filter((nodeID) => nodeID === 'b').length).toBeLessThanOrEqual(63);
  });

  it('is, while there are few assets, one that would rest otherwise', () => {
    for (let first = 0; first < 40; first += 4) {
      const placed = placement();
      const places = assets.slice(first, first + 4).map((asset) => placed.turn(asset).nodeOf([host('a', 1), host('b', 1)]));
      expect(places.toSorted()).toEqual(['a', 'a', 'b', 'b']);
    }
  });

  it('is the one where the asset is in work already, whatever comes and goes beside it', () => {
    const placed = placement();
    const hosts = [host('a', 1), host('b', 1)];
    const stays = assets.slice(0, 8).map((asset) => placed.turn(asset));
    const places = stays.map((stay) => stay.nodeOf(hosts));
    // All that is on one of them ends, but for one asset.
    const onA = stays.filter((_, index) => places[index] === 'a');
    stays.filter((_, index) => places[index] === 'b').forEach((stay) => stay[Symbol.dispose]());
    expect(onA.map((stay) => stay.nodeOf([...hosts, host('c', 8)]))).toEqual(onA.map(() => 'a'));
  });

  it('is another where that one cannot do the next run, and the first again after it', () => {
    const stay = placement().turn('asset');
    const first = stay.nodeOf([host('a')]);
    expect([first, stay.nodeOf([host('b')]), stay.nodeOf([host('a'), host('c')])]).toEqual(['a', 'b', 'a']);
  });

  it('has room again once the turn is over, counted once', () => {
    const placed = placement();
    const hosts = [host('a', 1), host('b', 1)];
    const [asset = ''] = assets;
    const stay = placed.turn(asset);
    const first = stay.nodeOf(hosts);
    for (const _ of [1, 2, 3]) {
      const again = placed.turn(asset);
      again.nodeOf(hosts);
      again[Symbol.dispose]();
      again[Symbol.dispose]();
    }
    stay[Symbol.dispose]();
    expect(placed.turn(asset).nodeOf(hosts)).toBe(first);
  });

  it('is none where no node can take it', () => {
    expect(placement().turn('asset').nodeOf([])).toBeUndefined();
  });
});
