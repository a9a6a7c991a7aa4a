import { filenameOf, inlineAs, recoded } from './content-disposition.ts';

describe('Content-Disposition that is sent', () => {
  it('gives a plain name as it is', () => {
    expect(inlineAs('barn door.jpg')).toBe('inline; filename="barn door.jpg"');
  });
  it('gives any other name whole in UTF-8, beside one that old clients can read', () => {
    expect(inlineAs('Grüße (1).jpg')).toBe(`inline; filename="Gr__e (1).jpg"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%281%29.jpg`);
  });
  it.each(['a"; x="b', 'a\r\nX: y', 'a\\', 'half \ud800', '%41', '日本.png'])('can be sent for %j, and read again', (name) => {
    const header = inlineAs(name);
    expect(header).toMatch(/^inline; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w.~%!#$&+^`|-]+$/);
    expect(header.match(/"/g)).toHaveLength(2);
    expect(filenameOf(header)).toBe(name.toWellFormed());
  });
});

describe('Content-Disposition that comes', () => {
  it.each([
    ['attachment; filename=a.jpg', 'a.jpg'],
    ['attachment; filename="a b.jpg"', 'a b.jpg'],
    ['attachment; filename="a\\"b.jpg"', 'a"b.jpg'],
    [`attachment; filename="x"; filename*=utf-8''%e2%82%ac.jpg`, '€.jpg'],
    [`attachment; filename*=iso-8859-1'en'%A3.jpg`, '£.jpg'],
    [`attachment; filename*=utf-8''%ff; filename=b.jpg`, 'b.jpg'],
    [Buffer.from('attachment; filename="ü.jpg"').toString('latin1'), 'ü.jpg'],
    ['attachment; filename="\xfc.jpg"', 'ü.jpg'],
    ['attachment', undefined],
    [undefined, undefined],
  ])('%j names %j', (header, name) => {
    expect(filenameOf(header)).toBe(name);
  });
  it('reads bytes that are no UTF-8 as Latin-1', () => {
    expect(recoded('\xe9t\xe9')).toBe('été');
    expect(recoded(Buffer.from('été').toString('latin1'))).toBe('été');
  });
});
