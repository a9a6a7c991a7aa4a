import { size, span } from './words.ts';

it.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [60, '1 min 00 s'],
  [185, '3 min 05 s'],
  [7800, '2 h 10 min'],
])('%d seconds are %s', (seconds, text) => expect(span(seconds)).toBe(text));

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [3_400_000, '3.4 MB'],
  [1_250_000_000, '1.3 GB'],
  [5e16, '50000.0 TB'],
])('%d bytes are %s', (bytes, said) => {
  expect(size(bytes)).toBe(said);
});
