import { uniqueNames } from './names.ts';

it('keeps names, and numbers those that are taken, whatever their capitals', () => {
  const name = uniqueNames(['assets.jsonl']);
  expect(['sea.jpg', 'Sea.JPG', 'sea.jpg', 'assets.jsonl', 'none'].map(name)).toEqual([
    'sea.jpg',
    'Sea (2).JPG',
    'sea (3).jpg',
    'assets (2).jsonl',
    'none',
  ]);
});

it.each([
  ['../../etc/passwd', 'passwd'],
  ['..\\x.jpg', 'x.jpg'],
  ['.hidden', '_hidden'],
  ['a\u0000b:c.jpg', 'a_b_c.jpg'],
  ['..', '_'],
])('%j becomes %j, which stays in its folder', (filename, name) => {
  expect(uniqueNames([])(filename)).toBe(name);
});

it('a name too long for a file system is cut before its ending', () => {
  const name = uniqueNames([])(`${'ä'.repeat(300)}.jpg`);
  expect(name.endsWith('ä.jpg')).toBe(true);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240);
});
