import type { FieldKind } from '../fields.ts';
import { differences, type Tolerance } from './compare.ts';

const red = { hex: '#ff0000', weight: 0.6, oklab: [0.63, 0.22, 0.13] };
const nearRed = { ...red, hex: '#fb0202', weight: 0.61 };
const blue = { hex: '#0000ff', weight: 0.4, oklab: [0.45, -0.03, -0.31] };
const look = Buffer.alloc(256, 100).toString('base64');
const file = { name: 'a.jpg', type: 'image/jpeg', width: 4, height: 3, bytes: 1000, look };

describe('differences', () => {
  it.each<[FieldKind, unknown, unknown, Tolerance?]>([
    ['text', 'a', 'a'],
    ['keyword', ['a', 'b'], ['a', 'b']],
    ['date', '2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z'],
    ['integer', 3, 4, { value: 1 }],
    ['float', 0.1 + 0.2, 0.3],
    ['color', '#ff0000', '#fb0202'],
    ['colors', [red, blue], [blue, nearRed]],
    ['vector', [1, 0], [2, 0.01]],
    ['float', [0.1, 0.2], [0.1, 0.25], { value: 0.1 }],
    ['bits', 'ff00', 'fe00', { bits: 1 }],
    ['blob', file, { ...file, bytes: 1100, look: Buffer.alloc(256, 102).toString('base64') }],
    ['blobs', [], []],
    ['float', undefined, undefined],
  ])('finds none within tolerance: %s', (kind, golden, got, tolerance = {}) => {
    expect(differences(kind, golden, got, tolerance)).toEqual([]);
  });

  it.each<[FieldKind, unknown, unknown, string]>([
    ['text', 'a', 'b', '"b" instead of "a"'],
    ['keyword', ['a', 'b'], ['b', 'a'], '["b","a"] instead of ["a","b"]'],
    ['boolean', true, false, 'false instead of true'],
    ['date', '2026-01-31T12:00:00', '2026-01-31T13:00:00', '"2026-01-31T13:00:00" instead of "2026-01-31T12:00:00"'],
    ['integer', 3, 4, '4 instead of 3'],
    ['float', 1, 1.01, '1.01 instead of 1'],
    ['float', 1, undefined, 'undefined instead of 1'],
    ['color', '#ff0000', '#dd0000', '"#dd0000" instead of "#ff0000"'],
    ['colors', [red, blue], [red], '1 colours instead of 2'],
    ['colors', [red], [{ ...red, weight: 0.5 }], 'no colour like #ff0000 with a share of about 0.6'],
    ['vector', [1, 0], [0, 1], '[0,1] instead of [1,0]'],
    ['float', [0.1], [0.1, 0.2], '[0.1,0.2] instead of [0.1]'],
    ['bits', 'ff00', 'fe00', '"fe00" instead of "ff00"'],
    ['vector', [1, 0], [1, 0, 0], '[1,0,0] instead of [1,0]'],
    ['blob', file, { ...file, name: 'b.jpg' }, 'files b.jpg instead of a.jpg'],
    ['blob', file, { ...file, width: 5 }, 'a.jpg: width 5 instead of 4'],
    ['blob', file, { ...file, bytes: 100 }, 'a.jpg: 100 bytes instead of about 1000'],
    ['blob', file, { ...file, look: Buffer.alloc(256, 110).toString('base64') }, 'a.jpg: looks different (10.0 levels)'],
    ['blob', file, { ...file, look: undefined }, 'a.jpg: looks different (Infinity levels)'],
    ['blobs', [file, file], [file], 'files a.jpg instead of a.jpg, a.jpg'],
  ])('tells what is beyond it: %s', (kind, golden, got, expected) => {
    expect(differences(kind, golden, got)).toContain(expected);
  });
});
