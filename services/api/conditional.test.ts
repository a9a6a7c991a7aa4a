import { ifRangeHolds, noneMatchHolds, rangeOf } from './conditional.ts';

describe('If-None-Match', () => {
  it.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", W/"a" ,"c"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
    ['"aa"', false],
    ['', false],
    [undefined, false],
  ])('%j against "a": %s', (header, holds) => {
    expect(noneMatchHolds(header, '"a"')).toBe(holds);
  });
});

describe('If-Range', () => {
  it.each([
    ['"a"', true],
    ['W/"a"', false],
    ['"b"', false],
    ['Wed, 21 Oct 2015 07:28:00 GMT', false],
  ])('%j against "a": %s', (header, holds) => {
    expect(ifRangeHolds(header, '"a"')).toBe(holds);
  });
});

describe('Range', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=2-5', { start: 2, end: 5 }],
    ['bytes=7-', { start: 7, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
    ['bytes=5-100', { start: 5, end: 9 }],
    ['Bytes=0-1', { start: 0, end: 1 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=5-2', 'unsatisfiable'],
    ['bytes=x-y', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=', 'unsatisfiable'],
    ['bytes=0-1,4-5', 'all'],
    ['items=0-1', 'all'],
    ['nonsense', 'all'],
    [undefined, 'all'],
  ])('%j of ten bytes: %j', (header, range) => {
    expect(rangeOf(header, 10)).toEqual(range);
  });
});
