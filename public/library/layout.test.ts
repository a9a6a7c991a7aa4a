import { Layout } from './layout.js';

const measure = { width: 1200, target: 200, gap: 6 };
/** Shapes that come in no order, the same ones every time. */
const shapes = (many: number): number[] =>
  Array.from({ length: many }, (_, i) => [1.5, 0.67, 1.33, 1.78, 1, 2.4, 0.75][(i * 5) % 7]!);

describe('rows of pictures', () => {
  it('are as wide as the page and about as high as they are to be', () => {
    const layout = new Layout(measure, shapes(500));
    expect(layout.rows.map(({ first, end }) => end - first).reduce((sum, many) => sum + many, 0)).toBe(500);
    for (const row of layout.rows.slice(0, -1)) {
      const last = layout.places(row).at(-1)!;
      expect(last.left + last.width).toBeCloseTo(1200, 6);
      expect(row.height).toBeGreaterThan(120);
      expect(row.height).toBeLessThan(320);
    }
  });

  it('stand one below the other with a gap between, and so do their pictures beside each other', () => {
    const layout = new Layout(measure, shapes(60));
    const { rows } = layout;
    rows.slice(1).forEach((row, index) => expect(row.top).toBeCloseTo(rows[index]!.top + rows[index]!.height + 6, 6));
    const places = layout.places(rows[0]!);
    places.slice(1).forEach((place, index) => expect(place.left).toBeCloseTo(places[index]!.left + places[index]!.width + 6, 6));
  });

  it('do not blow up what is left at the end, nor what is alone', () => {
    expect(new Layout(measure, [1.5]).rows).toEqual([{ top: 0, height: 200, first: 0, end: 1 }]);
    expect(new Layout(measure, []).height).toBe(0);
  });

  it('cut shapes beyond the usual at the edges, so that a row stays a row', () => {
    const layout = new Layout(measure, [40, 0.01, Number.NaN]);
    for (const row of layout.rows) expect(row.height).toBeLessThanOrEqual(450);
  });

  it('stay where they are when more comes, but for the last', () => {
    const ratios = shapes(100);
    const layout = new Layout(measure, ratios);
    const before = layout.rows.slice(0, -1).map((row) => ({ ...row }));
    ratios.push(...shapes(100));
    layout.extend();
    expect(layout.rows.slice(0, before.length)).toEqual(before);
    expect(layout.rows).toEqual(new Layout(measure, ratios).rows);
  });

  it('are found by their height and by a picture of theirs', () => {
    const layout = new Layout(measure, shapes(1000));
    const some = layout.between(5000, 6000);
    expect(some.length).toBeGreaterThan(3);
    expect(some[0]!.top + some[0]!.height).toBeGreaterThan(5000);
    expect(some.at(-1)!.top).toBeLessThan(6000);
    expect(layout.between(1e9, 2e9)).toEqual([]);
    for (const index of [0, 500, 999]) {
      const row = layout.rowOf(index)!;
      expect(row.first <= index && index < row.end).toBe(true);
    }
    expect(layout.rowOf(1000)).toBeUndefined();
  });

  it('lead to the picture above and below, the nearest to the middle; at the edges to itself', () => {
    const layout = new Layout(
      measure,
      Array.from({ length: 30 }, () => 1),
    );
    const inRow = layout.rows[0]!.end;
    expect(layout.beside(1, 1)).toBe(1 + inRow);
    expect(layout.beside(1 + inRow, -1)).toBe(1);
    expect(layout.beside(2, -1)).toBe(2);
    expect(layout.beside(29, 1)).toBe(29);
  });
});
