import { dependantsOf, inputsOf, nextDue, nextDueAt, ranBefore } from './due.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import { row } from './fixtures.ts';

const manifests = [manifest('a'), manifest('b', { after: ['a'] }), manifest('c', { after: ['b'] })];
const byName = new Map(manifests.map((one) => [one.name, one]));

describe('what is due next', () => {
  it('waits for what it depends on', () => {
    expect(nextDue([row('b'), row('a')], byName, 1)?.enricher).toBe('a');
    expect(nextDue([row('b'), row('a', { status: 'running' })], byName, 1)).toBeUndefined();
  });

  it.each(['done', 'quarantined', 'unavailable'] as const)('goes on when what it depends on is %s', (status) => {
    expect(nextDue([row('a', { status }), row('b')], byName, 1)?.enricher).toBe('b');
  });

  it('waits until its time has come', () => {
    const later = [row('a', { dueAt: 100 })];
    expect(nextDue(later, byName, 99)).toBeUndefined();
    expect(nextDue(later, byName, 100)?.enricher).toBe('a');
    expect(nextDueAt([...later, row('b', { dueAt: 70 }), row('c', { dueAt: 1, status: 'done' })])).toBe(70);
  });
});

it('gives an enricher the outputs of those it reads, and no others', () => {
  const rows = [row('a', { status: 'done', outputs: { x: 1 } }), row('b', { status: 'done', outputs: { y: 2 } })];
  expect(inputsOf(manifest('c', { after: ['b', 'a'] }), rows)).toEqual({ a: { x: 1 }, b: { y: 2 } });
  expect(inputsOf(manifest('b', { after: ['a'] }), [row('a', { status: 'quarantined', outputs: { x: 1 } })])).toEqual({});
});

it('knows dependants through others', () => {
  expect(dependantsOf('a', manifests)).toEqual(new Set(['b', 'c']));
  expect(dependantsOf('c', manifests)).toEqual(new Set());
});

it('knows which rows have settled or begun without the outputs that another has now', () => {
  const done = row('a', { status: 'done', finishedAt: 100 });
  const names = (...rows: Parameters<typeof row>[]) =>
    ranBefore(done, [done, ...rows.map((args) => row(...args))], [...manifests, manifest('z')]).map(({ enricher }) => enricher);
  expect(names(['b', { status: 'done', startedAt: 99 }], ['c', { status: 'running', startedAt: 50 }])).toEqual(['b', 'c']);
  expect(names(['b', { status: 'unavailable' }], ['c', { status: 'quarantined', startedAt: 1 }])).toEqual(['b', 'c']);
  expect(names(['b', { status: 'pending', startedAt: 99 }], ['c', { status: 'done', startedAt: 100 }])).toEqual([]);
  expect(names(['z', { status: 'done', startedAt: 1 }])).toEqual([]);
});
