import type { RawPixels } from '../sdk/index.ts';
import { toneOf } from './tone.ts';

/** One pixel for each colour, in one row. */
function row(colours: readonly (readonly [number, number, number])[]): RawPixels {
  return { data: Buffer.from(colours.flat()), width: colours.length, height: 1, channels: 3 };
}
const ramp = (gain: number) =>
  row(
    Array.from(
      { length: 200 },
      (_, i) => [i, i, i].map((level) => Math.min(255, Math.round(level * gain))) as [number, number, number],
    ),
  );

describe('toneOf', () => {
  it('tells mean and deviation of luma', () => {
    const { mean, deviation } = toneOf(
      row([
        [0, 0, 0],
        [100, 100, 100],
      ]),
    );
    expect([mean, deviation]).toEqual([50, 50]);
  });

  it('takes for white point what one pixel in 200 reaches in any channel', () => {
    expect(
      toneOf(
        row([
          [0, 0, 200],
          [10, 20, 30],
        ]),
      ).whitePoint,
    ).toBe(200);
    expect(toneOf(row([[255, 255, 255], ...Array.from({ length: 999 }, () => [90, 90, 90] as const)])).whitePoint).toBe(90);
  });

  it('sees more highlights the more light there is, once there is too much', () => {
    const found = [1.3, 1.7, 2.2, 3].map((gain) => toneOf(ramp(gain)).highlights);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(new Set(found).size).toBe(found.length);
  });

  it('sees as many in a picture that was made darker after it burnt out', () => {
    const burnt = ramp(2);
    const darker = { ...burnt, data: Buffer.from(burnt.data.map((level) => level / 2)) };
    expect(toneOf(darker).highlights).toBeCloseTo(toneOf(burnt).highlights, 1);
    expect(toneOf(darker).whitePoint).toBe(127);
  });

  it('does not take red for white', () => {
    const seen = (colour: readonly [number, number, number]) => toneOf(row([colour, [0, 0, 0]])).highlights;
    expect(seen([255, 0, 0])).toBeLessThan(0.7 * seen([255, 255, 255]));
  });
});
