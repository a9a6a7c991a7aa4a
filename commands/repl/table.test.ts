import { table } from './table.ts';

it('has columns below their names, numbers to the right, and nothing of what would move a cursor', () => {
  expect(
    table(
      ['name', 'count'],
      [
        ['\u001b[2Jcleared\u0007.jpg', 7],
        ['two\nlines', 120],
      ],
    ),
  ).toEqual(['name          count', 'cleared .jpg      7', 'two lines       120']);
  expect(table(['what'], [[null]])).toEqual(['what', '–']);
});
