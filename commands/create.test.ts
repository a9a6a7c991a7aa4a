import { join } from 'node:path';
import { parseWish } from './create.ts';
import { enricherFiles } from './create/enricher.ts';

it('takes a name and a folder to write in', () => {
  expect(parseWish(['enricher', 'my-tone', '--in', '/there'])).toEqual({
    name: 'my-tone',
    folder: join('/there', 'my-tone'),
    json: false,
  });
});

it.each([
  ['no name', ['enricher'], /Say vitrail create enricher NAME/],
  ['another thing', ['driver', 'x'], /Say vitrail create enricher NAME/],
  ['two names', ['enricher', 'a', 'b'], /Say vitrail create enricher NAME/],
  ['a path', ['enricher', '../a'], /is no name for an enricher/],
  ['capitals', ['enricher', 'Tone'], /is no name for an enricher/],
  ['one that comes with Vitrail', ['enricher', 'palette'], /comes with Vitrail/],
  ['the sdk', ['enricher', 'sdk'], /comes with Vitrail/],
])('refuses %s', (_what, args, message) => {
  expect(() => parseWish(args)).toThrow(expect.objectContaining({ status: 2, message: expect.stringMatching(message) }));
});

it('declaration and logic are at most 40 lines, and every file is of the name asked for', () => {
  const files = enricherFiles('my-tone');
  const lines = `${files['index.js'] ?? ''}${files['my-tone.js'] ?? ''}`.split('\n').length - 1;
  expect(lines).toBeLessThanOrEqual(40);
  expect(Object.keys(files)).toEqual(['package.json', 'index.js', 'my-tone.js', 'my-tone.test.js', 'README.md']);
  expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({ name: 'vitrail-enricher-my-tone', type: 'module' });
});
