import { normal, chance } from './distortions.ts';
import { fit, logGamma, meanOf, type Moments, noMoments } from './gaussian.ts';

const COUNT = 200_000;

function momentsOf(next: () => number): Moments {
  const moments = noMoments();
  for (let i = 0; i < COUNT; i++) {
    const value = next();
    moments.count += 1;
    moments.absolute += Math.abs(value);
    if (value < 0) {
      moments.negative += 1;
      moments.negativeSquares += value ** 2;
    } else {
      moments.positive += 1;
      moments.positiveSquares += value ** 2;
    }
  }
  return moments;
}

describe('logGamma', () => {
  it.each([
    [0.1, 2.252712651734206],
    [0.5, Math.log(Math.sqrt(Math.PI))],
    [1, 0],
    [5, Math.log(24)],
    [10.5, 13.940625219403763],
  ])('of %d is %d', (z, expected) => {
    expect(logGamma(z)).toBeCloseTo(expected, 10);
  });
});

describe('fit', () => {
  it('finds shape 2 and both widths in samples of a Gaussian', () => {
    const next = normal(7);
    const { shape, left, right } = fit(momentsOf(() => 3 * next()));
    expect(shape).toBeCloseTo(2, 1);
    expect(left).toBeCloseTo(3, 1);
    expect(right).toBeCloseTo(3, 1);
  });

  it('finds shape 1 in samples of a Laplacian', () => {
    const random = chance(11);
    const { shape } = fit(momentsOf(() => (random() < 0.5 ? 1 : -1) * Math.log(random())));
    expect(shape).toBeCloseTo(1, 1);
  });

  it('finds the wider side', () => {
    const next = normal(13);
    const { shape, left, right } = fit(
      momentsOf(() => {
        const value = next();
        return value < 0 ? 2 * value : value;
      }),
    );
    expect(left / right).toBeCloseTo(2, 1);
    expect(shape).toBeGreaterThan(1.5);
    expect(meanOf({ shape, left, right })).toBeLessThan(0);
  });

  it('gives numbers for nothing but zeros', () => {
    const found = fit({ ...noMoments(), count: 10 });
    expect(Object.values(found).every(Number.isFinite)).toBe(true);
    expect(meanOf(found)).toBe(0);
  });
});
