import { apart, type Lab, labOf } from '../../sdk/oklab.ts';

/** The eleven basic colour terms of Berlin and Kay (1969): those that every speaker of English uses and agrees on. */
export type BasicColour =
  'black' | 'white' | 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'purple' | 'pink' | 'brown';

/**
 * Examples of each term, from deep to pale: a term is a region, and one focal colour cannot tell dark green from black. Below
 * `unnamed` are colours that people would not agree on: beige, khaki, turquoise. No name is better than a wrong one.
 */
const EXAMPLES: Readonly<Record<BasicColour | 'unnamed', string>> = {
  black: '000000 0c0c0c 181818 202020 0c1018 140c0c 0a140c',
  white: 'ffffff f4f4f4 eaeaea fff8ec f0f4ff',
  grey: '3c3c3c 585858 787878 989898 b8b8b8 d0d0d0 606a74 98a2ac 746c66',
  red: 'e01010 c01818 981014 700c10 f03828 d02040',
  orange: 'f07010 ff8c1a e06000 ffa845 d07018 f4813c',
  yellow: 'ffe000 f5d020 ffd700 e0bc18 fff06a c8a810',
  green: '20a040 108020 0a5a1c 0c3c14 60c060 80b030 a0dc80 4a6c1c 28401a 20c080 b4e040 1e5040',
  blue: '1040d0 0a1c60 081436 3070c0 60a0e0 a8d4f4 20a0e0 2c5c90 00c0f0 6a8cb8 1a3050 88b8ff',
  purple: '7030b0 4a1878 a050d8 b488e0 38104c 8060c8 602878 1e0c30',
  pink: 'f484b4 ff5ca0 ffc0d4 e83c98 d82c80 f4a0a0 ff8090',
  brown: '6b3e1a 8a5a30 4a2810 a06c38 321c0c 7c4a2c 523828',
  unnamed:
    'dcc6a6 c8ac84 b49a70 8c8444 5c5828 128a8a 0c5c60 60c8c0 a8e0d8 f8dcb8 c89878 e0b0d0 d8d0b8 a8a070 3c3828 b07080 6a3048 502838 8c5060',
};

const labOfHex = (hex: string): Lab => {
  const value = Number.parseInt(hex, 16);
  return labOf([value >> 16, (value >> 8) & 0xff, value & 0xff]);
};

const examples = Object.entries(EXAMPLES).flatMap(([name, hexes]) =>
  hexes.split(' ').map((hex) => ({ name: name === 'unnamed' ? undefined : (name as BasicColour), lab: labOfHex(hex) })),
);

/** OKLab chroma; below it a colour looks grey, and above it nobody calls it so. */
const GREY = 0.03;
/** Whether an eye can tell it from grey. */
export const isColoured = ([, a, b]: Lab): boolean => Math.hypot(a, b) > GREY;
const colourless = new Set<BasicColour | undefined>(['grey', 'white']);

/** The term whose examples are nearest in OKLab, or nothing where people would not agree on one. */
export function colourName(lab: Lab): BasicColour | undefined {
  let [name, least] = [examples[0]?.name, Infinity];
  for (const example of examples) {
    const distance = apart(example.lab, lab);
    if (distance < least) [name, least] = [example.name, distance];
  }
  return colourless.has(name) && isColoured(lab) ? undefined : name;
}
