import { ago, aligned, bytes, clock, counted, kind, number, took } from './words.js';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [22_100, '22.1 KB'],
  [4_294_967_296, '4.29 GB'],
])('%d bytes are %s', (value, text) => expect(bytes(value)).toBe(text));

it.each([
  [0.6735, '0.674'],
  [4.37, '4.37'],
  [78.2, '78.2'],
  [1234.6, '1,235'],
  [0.0031, '0.0031'],
])('%d is written %s', (value, text) => expect(number(value)).toBe(text));

it.each([
  [1, 1, '1.00'],
  [0.8, 1, '0.80'],
  [0.6464, 1, '0.65'],
  [67.583, 100, '67.6'],
])('%d in a column of numbers up to %d is written %s', (value, max, text) => expect(aligned(value, max)).toBe(text));

it.each([
  [3000, '0:03'],
  [83_000, '1:23'],
  [3_723_000, '1:02:03'],
])('%d ms on a clock are %s', (value, text) => expect(clock(value)).toBe(text));

it('says how long things took and how long ago they were', () => {
  expect([took(91.7), took(1540), took(90_000), took(5_400_000)]).toEqual(['92 ms', '1.5 s', '2 min', '1.5 h']);
  const now = Date.parse('2026-11-27T12:00:00Z');
  expect(ago('2026-11-27T11:57:00Z', now)).toBe('3 minutes ago');
  expect(ago('2026-11-26T11:00:00Z', now)).toBe('yesterday');
});

it('names kinds and counts', () => {
  expect([kind('image/jpeg'), kind('video/quicktime'), kind('image/*')]).toEqual(['JPEG', 'MOV', 'Pictures']);
  expect([counted(1, 'item'), counted(2500, 'item'), counted(2, 'child process', 'child processes')]).toEqual([
    '1 item',
    '2,500 items',
    '2 child processes',
  ]);
});
