import { editOf, fieldsOf, rawFilename } from './upload-note.ts';

const fields = (entries: Record<string, string[]>) => new Map(Object.entries(entries));
const invalid = expect.objectContaining({ type: 'params.invalid' }) as Error;

describe('fields beside a file', () => {
  it('make an edit', () => {
    expect(editOf(fields({ title: [' Barn '], description: ['Red.'], rating: ['4'], tags: ['a, b'] }))).toEqual({
      title: 'Barn',
      description: 'Red.',
      rating: 4,
      tags: ['a', 'b'],
    });
    expect(editOf(fields({}))).toBeUndefined();
  });
  it.each([[['a,b ,,c']], [['a', 'b', 'c']], [['["a","b","c"]']], [[' ["a"]', 'b,c']]])('give tags as %j', (tags) => {
    expect(editOf(fields({ tags }))).toEqual({ tags: ['a', 'b', 'c'] });
  });
  it.each([
    { titel: ['x'] },
    { title: ['a', 'b'] },
    { rating: ['6'] },
    { rating: ['good'] },
    { rating: [''] },
    { tags: ['["a"'] },
    { tags: ['[1]'] },
    { tags: ['[{"$ne":1}]'] },
    { __proto__x: ['y'] },
  ])('are refused as %j', (entries) => {
    expect(() => editOf(fields(entries as unknown as Record<string, string[]>))).toThrow(invalid);
  });
  it('come from the query of a raw upload, which may also hold its name', () => {
    expect([...fieldsOf({ filename: 'x', title: 'T', tags: ['a', 'b'] })]).toEqual([
      ['title', ['T']],
      ['tags', ['a', 'b']],
    ]);
  });
});

describe('name of a raw upload', () => {
  it.each([
    [{ filename: 'q.jpg' }, { 'content-disposition': 'attachment; filename=d.jpg' }, 'q.jpg'],
    [{}, { 'content-disposition': 'attachment; filename=d.jpg', 'x-filename': 'x.jpg' }, 'd.jpg'],
    [{}, { 'x-filename': 'h%C3%B6he%20.jpg' }, 'höhe .jpg'],
    [{}, { 'x-filename': Buffer.from('höhe.jpg').toString('latin1') }, 'höhe.jpg'],
    [{}, { 'x-filename': '100%.jpg' }, '100%.jpg'],
    [{}, {}, 'unnamed'],
  ])('%j with %j: %s', (query, headers, name) => {
    expect(rawFilename(query, headers)).toBe(name);
  });
});
