import { columnFor } from '../columns/columns.ts';
import { stored } from '../columns/stored.ts';
import type { BitsColumn } from '../columns/bits.ts';
import type { SearchField, SearchValue } from '../port.ts';
import { Declared } from '../query/declared.ts';
import { bytesOf, valueOf } from './bytes.ts';
import { docId, filed, noteId, versionOf, wayOf } from './document.ts';

const declared = new Declared([
  { name: 'title', kind: 'text', weight: 3 },
  { name: 'labels', kind: 'text', weight: 2, many: true },
  { name: 'about', kind: 'text' },
  { name: 'tags', kind: 'keyword', many: true, filter: true },
  { name: 'type', kind: 'keyword', filter: true },
  { name: 'width', kind: 'integer', filter: true },
  { name: 'hidden', kind: 'boolean', filter: true },
  { name: 'a.hash', kind: 'bits', length: 12 },
  { name: 'a.vector', kind: 'vector', length: 2 },
  { name: 'palette', kind: 'colors' },
]);
const of = (fields: Record<string, SearchValue>) => filed({ id: 'a', rev: 1, fields: stored(fields) }, declared);

describe('a filed document', () => {
  it('holds words by what they count, and all of them together', () => {
    const { words, title, tags, length } = of({ title: 'Red Barn', labels: ['Sea', 'SKY'], about: 'in snow' });
    expect([words, title, tags, length]).toEqual([['red barn', 'sea sky', 'in snow'], 'red barn', 'sea sky', 6]);
  });

  it('holds values that fit their field, one of them where it is no list', () => {
    const { keywords, numbers, switches } = of({ tags: ['x', 'y', 'x'], type: ['p', 'q'], width: 3, hidden: false });
    expect([keywords, numbers, switches]).toEqual([{ tags: ['x', 'y'], type: 'p' }, { width: 3 }, { hidden: false }]);
    const odd = of({
      tags: [1] as never,
      type: 7,
      width: NaN,
      hidden: 'yes',
      palette: 'red',
      'a.hash': 'xyz',
      'a.vector': [0, 0],
    });
    expect([odd.keywords, odd.numbers, odd.switches, odd.bytes]).toEqual([{}, {}, {}, {}]);
  });

  it('keeps what nobody has declared yet, and says in which way each field is filed', () => {
    const { raw, ways, keywords } = of({ type: 'p', 'later.label': 'dog' });
    expect(raw).toEqual({ type: 'p', 'later.label': 'dog' });
    expect(keywords).toEqual({ type: 'p' });
    expect(ways).toEqual([wayOf('type', declared.fields.get('type')), 'later~2elabel|']);
  });

  it('has a later version when it is removed than when it is put, and an earlier one than the next', () => {
    expect([versionOf(3, false), versionOf(3, true), versionOf(4, false)]).toEqual([6, 7, 8]);
  });

  it('lies under no id of a note', () => {
    const ids = ['mark', '~mark', '~~mark', 'a'].map(docId);
    expect(new Set([...ids, noteId('mark')]).size).toBe(5);
  });
});

describe('bytes', () => {
  const bits: SearchField = { name: 'bits', kind: 'bits', length: 12 };
  const vector: SearchField = { name: 'vector', kind: 'vector', length: 3 };

  it('are bits as they are, an odd digit filled up', () => {
    expect(Buffer.from(bytesOf(bits, 'abc') ?? '', 'base64').toString('hex')).toBe('abc0');
    expect(valueOf(bits, bytesOf(bits, 'abc') ?? '')).toBe('abc');
    const column = columnFor(bits) as BitsColumn;
    column.set(0, valueOf(bits, bytesOf(bits, 'abd') ?? ''));
    expect(column.from('abc')?.(0)).toBe(1);
  });

  it('are a vector scaled to its largest number, whether it was packed before or not', () => {
    const bytes = bytesOf(vector, [1, -2, 0.5]);
    expect([...new Int8Array(Buffer.from(bytes ?? '', 'base64'))]).toEqual([64, -127, 32]);
    expect(bytesOf(vector, stored({ vector: [1, -2, 0.5] }, () => true)['vector'] ?? '')).toBe(bytes);
  });

  it('are four numbers of 16 bits a colour', () => {
    const { palette = '' } = stored({ palette: [{ l: 0.5, a: -0.1, b: 0, weight: 1 }] });
    const bytes = Buffer.from(bytesOf({ name: 'palette', kind: 'colors' }, palette) ?? '', 'base64');
    expect([0, 2, 4, 6].map((at) => bytes.readInt16LE(at))).toEqual([5000, -1000, 0, 10_000]);
  });
});
