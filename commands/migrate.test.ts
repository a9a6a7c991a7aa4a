import { parseWish } from './migrate.ts';

it('takes both profiles and the flags', () => {
  expect(parseWish(['--from', 'embedded', '--to', 'distributed', '--json'])).toEqual({
    from: 'embedded',
    to: 'distributed',
    overwrite: false,
    json: true,
  });
});

it.each([
  ['no profile', ['--to', 'embedded'], /^--from has to be embedded or distributed/],
  ['a profile that there is not', ['--from', 'mesh', '--to', 'embedded'], /^--from has to be/],
  ['twice the same', ['--from', 'embedded', '--to', 'embedded'], /are the same/],
  ['a flag that there is not', ['--form', 'embedded'], /--form/],
])('refuses %s', (_what, args, message) => {
  expect(() => parseWish(args)).toThrow(message);
});
