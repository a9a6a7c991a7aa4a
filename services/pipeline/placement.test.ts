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
    stays.filter((_, index) => places[index] === 'b').forEach((stay) => stay[Symbol.dispose]());
    const onA = stays.filter((_, index) => places[index] === 'a');
    expect(onA.map((stay) => stay.nodeOf([...hosts, host('c', 8)]))).toEqual(onA.map(() => 'a'));
  });

  it('is another where that one cannot do a run, and that one again after it, in whatever order they are named', () => {
    for (const both of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const stay = placement().turn('asset');
      const home = stay.nodeOf([host('a'), host('b')]);
      const other = home === 'a' ? 'b' : 'a';
      expect(stay.nodeOf([host(other)])).toBe(other);
      expect(stay.nodeOf(both.map((id) => host(id)))).toBe(home);
    }
  });

  it('is shared out also where one node alone can do the first run', () => {
    const placed = placement();
    const places = assets.slice(0, 100).map((asset) => {
      const stay = placed.turn(asset);
      stay.nodeOf([host('a')]);
      return stay.nodeOf([host('a'), host('b')]);
    });
    expect(places.filter((nodeID) => nodeID === 'b').length).toBeGreaterThanOrEqual(37);
    expect(places.filter((nodeID) => nodeID === 'a').length).toBeGreaterThanOrEqual(37);
  });

  it('has room again once the turn is over, counted once', () => {
    const hosts = [host('a', 1), host('b', 1)];
    const four = (placed: ReturnType<typeof placement>) => assets.slice(0, 4).map((asset) => placed.turn(asset).nodeOf(hosts));
    const placed = placement();
    for (const asset of assets.slice(0, 5)) {
      const stay = placed.turn(asset);
      stay.nodeOf(hosts);
      stay[Symbol.dispose]();
    }
    expect(four(placed)).toEqual(four(placement()));
  });

  it('is counted once, however often its turn is said to be over', () => {
    for (let first = 0; first < 60; first += 3) {
      const placed = placement();
      const [, over] = ['kept', 'over'].map((asset) => {
        const stay = placed.turn(asset);
        stay.nodeOf([host('a', 1)]);
        return stay;
      });
      over?.[Symbol.dispose]();
      over?.[Symbol.dispose]();
      // One is in work on a, so that of three more one goes there.
      const next = assets.slice(first, first + 3).map((asset) => placed.turn(asset).nodeOf([host('a', 1), host('b', 1)]));
      expect(next.toSorted()).toEqual(['a', 'b', 'b']);
    }
  });

  it('is none where no node can take it', () => {
    expect(placement().turn('asset').nodeOf([])).toBeUndefined();
  });
});
