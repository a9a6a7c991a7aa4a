import { apart, labOf } from './oklab.ts';
import { cubeOf, CUBES, lumaLevel, middleOf, onWhite } from './pixels.ts';

describe('lumaLevel', () => {
  it.each([
    [0, 0, 0, 0],
    [255, 255, 255, 255],
    [128, 128, 128, 128],
    [255, 0, 0, 76],
    [0, 255, 0, 150],
    [0, 0, 255, 29],
  ])('of %d, %d, %d is %d', (r, g, b, level) => {
    expect(lumaLevel(r, g, b)).toBe(level);
  });
});

describe('onWhite', () => {
  it('leaves what is opaque alone, and is white where nothing is seen', () => {
    for (const level of [0, 1, 100, 255]) expect([onWhite(level, 255), onWhite(level, 0)]).toEqual([level, 255]);
  });

  it('lies between, by the share that is seen', () => {
    expect(onWhite(0, 51)).toBe(204);
    expect(onWhite(100, 102)).toBe(193);
  });
});

describe('cubes', () => {
  it('hold eight levels a side', () => {
    expect(cubeOf(0, 0, 0)).toBe(0);
    expect(cubeOf(7, 7, 7)).toBe(0);
    expect(cubeOf(255, 255, 255)).toBe(CUBES - 1);
    expect(new Set([cubeOf(8, 0, 0), cubeOf(0, 8, 0), cubeOf(0, 0, 8), 0]).size).toBe(4);
  });

  it('have their middles in them', () => {
    expect(middleOf(cubeOf(17, 100, 255))).toEqual([20, 100, 252]);
    for (let cube = 0; cube < CUBES; cube += 31) expect(cubeOf(...middleOf(cube))).toBe(cube);
  });
});

describe('labOf', () => {
  it.each([
    ['white', [255, 255, 255], [1, 0, 0]],
    ['black', [0, 0, 0], [0, 0, 0]],
    ['red', [255, 0, 0], [0.628, 0.2249, 0.1258]],
  ] as const)('of %s is as Ottosson has it', (_name, rgb, lab) => {
    expect(Math.sqrt(apart(labOf(rgb), lab))).toBeLessThan(0.001);
  });
});
