import { cleanFilename } from './filename.ts';

describe('cleanFilename', () => {
  it.each([
    ['../../../etc/pass\u0000wd\r\nX: y.jpg', 'passwdX: y.jpg'],
    ['C:\\Users\\me\\holiday.png', 'holiday.png'],
    ['  Münster – Dom.jpg ', 'Münster – Dom.jpg'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['', 'unnamed'],
    ['..', 'unnamed'],
    ['/', 'unnamed'],
  ])('%j becomes %j', (name, clean) => expect(cleanFilename(name)).toBe(clean));

  it('keeps the extension of a name that is too long', () => {
    const clean = cleanFilename(`${'x'.repeat(400)}.jpeg`);
    expect(clean).toHaveLength(255);
    expect(clean.endsWith('x.jpeg')).toBe(true);
  });
});
