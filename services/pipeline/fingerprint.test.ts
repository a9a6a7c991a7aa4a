import { fingerprints } from './fingerprint.ts';
import { manifest } from '../../test/fixtures/manifest.ts';

const asset = { sha256: 'a'.repeat(64), type: 'image/jpeg' };
const of = (...manifests: Parameters<typeof manifest>[]) =>
  fingerprints(
    asset,
    manifests.map((args) => manifest(...args)),
  );

describe('fingerprints', () => {
  it('are the same for the same input, whatever the order of options', () => {
    const one = of(['palette', { config: { swatches: 6, deep: { a: 1, b: 2 } } }]);
    const two = of(['palette', { config: { deep: { b: 2, a: 1 }, swatches: 6 } }]);
    expect(one).toEqual(two);
  });

  it.each([
    ['another result version', { resultVersion: 2 }],
    ['other options', { config: { swatches: 7 } }],
  ])('differ for %s', (_what, rest) => {
    expect(of(['palette', rest]).get('palette')).not.toBe(of(['palette']).get('palette'));
  });

  it('do not differ for another version of the code, or another title', () => {
    expect(of(['palette', { version: '9.9.9', title: 'Other' }])).toEqual(of(['palette']));
  });

  it('differ for other bytes', () => {
    expect(fingerprints({ ...asset, sha256: 'b'.repeat(64) }, [manifest('palette')])).not.toEqual(of(['palette']));
  });

  it('of dependants change with what they depend on, and those of others do not', () => {
    const chain = (resultVersion: number) =>
      of(['a', { resultVersion }], ['b', { after: ['a'] }], ['c', { after: ['b'] }], ['z']);
    const before = chain(1);
    const after = chain(2);
    expect(['a', 'b', 'c'].filter((name) => before.get(name) === after.get(name))).toEqual([]);
    expect(after.get('z')).toBe(before.get('z'));
  });

  it('are given only to enrichers that accept the type', () => {
    expect([...of(['clips', { accepts: ['video/*'] }], ['palette']).keys()]).toEqual(['palette']);
  });
});
