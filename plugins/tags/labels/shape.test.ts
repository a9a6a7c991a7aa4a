import { aspectClass, orientation } from './shape.ts';

describe('aspectClass', () => {
  it.each([
    [1280, 1024, '5:4'],
    [1024, 768, '4:3'],
    [6000, 4000, '3:2'],
    [2560, 1600, '16:10'],
    [1920, 1080, '16:9'],
    [1080, 1920, '16:9'],
    // Sides that codecs and cameras round.
    [1366, 768, '16:9'],
    [1920, 1088, '16:9'],
    [4272, 2848, '3:2'],
    [2000, 1000, '2:1'],
    [2560, 1080, 'ultrawide'],
    [3440, 1440, 'ultrawide'],
    [3840, 1600, 'ultrawide'],
    [5120, 1440, '32:9'],
  ])('of %d × %d is %s', (width, height, name) => {
    expect(aspectClass(width, height)).toBe(name);
  });

  it.each([
    [1000, 1000],
    [1000, 700],
    [161, 1],
    [1920, 1100],
  ])('of %d × %d has no name', (width, height) => {
    expect(aspectClass(width, height)).toBeUndefined();
  });
});

describe('orientation', () => {
  it.each([
    [1, 1, 'square'],
    [1000, 995, 'square'],
    [1000, 980, 'landscape'],
    [980, 1000, 'portrait'],
    [161, 1, 'landscape'],
  ])('of %d × %d is %s', (width, height, name) => {
    expect(orientation(width, height)).toBe(name);
  });
});
