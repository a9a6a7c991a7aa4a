import { converter, formatHex } from 'culori';
import type { SearchDoc, SearchField } from '../drivers/search/port.ts';

const toRgb = converter('rgb');
const toOklab = converter('oklab');

/** A random number 0–1 a call, the same row for the same seed (mulberry32, Tommy Ettinger 2017). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const onsets = 'b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl st str t th tr v w z'.split(' ');
const vowels = 'a e i o u ai ea ee oo ou'.split(' ');
const codas = ['', '', '', 'n', 'r', 'l', 'm', 's', 't', 'nd', 'rn', 'll', 'st', 'ck'];

/** So many distinct words that can be spoken, the most frequent first: word n of a language is about 1/n as frequent as the first. */
export function vocabulary(size: number, seed = 1): string[] {
  const next = random(seed);
  const of = (list: readonly string[]): string => list[Math.floor(next() * list.length)] ?? '';
  const words = new Set<string>();
  while (words.size < size) {
    const syllables = 1 + Math.floor(next() * 2 + Math.min(1.5, words.size / 5000));
    words.add(Array.from({ length: syllables }, () => of(onsets) + of(vowels) + of(codas)).join(''));
  }
  return [...words];
}

/** Draws by Zipf's law with exponent 1. */
const zipf = (next: () => number, list: readonly string[]): string => list[Math.floor(list.length ** next()) - 1] ?? '';

export const words = vocabulary(30_000);
const tags = words.slice(40, 2040);
const types = ['image/jpeg', 'image/jpeg', 'image/jpeg', 'image/png', 'image/webp', 'image/avif', 'video/mp4'];
const sizes = [
  [1920, 1080],
  [2560, 1440],
  [3840, 2160],
  [1080, 1920],
  [3440, 1440],
  [6000, 4000],
  [4000, 6000],
  [1024, 1024],
] as const;
const cameras = Array.from({ length: 60 }, (_, i) => `${words[500 + i] ?? ''} ${i}`);

export interface SyntheticAsset {
  id: string;
  sha256: string;
  filename: string;
  type: string;
  bytes: number;
  width: number;
  height: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
  title: string;
  description: string;
  tags: string[];
  rating: number;
  camera: string;
  /** 0–1. */
  quality: number;
  palette: { hex: string; weight: number; oklab: [number, number, number] }[];
}

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A palette around one or two hues, as photographs have. */
function palette(next: () => number): SyntheticAsset['palette'] {
  const hues = [next() * 360, next() * 360];
  const raw = Array.from({ length: 6 }, () => ({
    color: toRgb({
      mode: 'oklch',
      l: 0.15 + 0.8 * next(),
      c: 0.2 * next() ** 2,
      h: (hues[next() < 0.7 ? 0 : 1] ?? 0) + 40 * (next() - 0.5),
    }),
    share: next() ** 2 + 0.01,
  }));
  const whole = raw.reduce((sum, { share }) => sum + share, 0);
  return raw
    .map(({ color, share }) => {
      const hex = formatHex(color);
      const { l, a, b } = toOklab(hex) ?? { l: 0, a: 0, b: 0 };
      return { hex, weight: share / whole, oklab: [l, a, b] as [number, number, number] };
    })
    .sort((a, b) => b.weight - a.weight);
}

/** Made-up assets, the same for the same seed. */
export function* syntheticAssets(count: number, seed = 42): Generator<SyntheticAsset> {
  const next = random(seed);
  const text = (length: number): string => Array.from({ length }, () => zipf(next, words)).join(' ');
  const letters = (length: number, of: string): string =>
    Array.from({ length }, () => of[Math.floor(next() * of.length)]).join('');
  for (let i = 0; i < count; i++) {
    const [width, height] = sizes[Math.floor(next() * sizes.length)] ?? sizes[0];
    yield {
      id: `01${i
        .toString(32)
        .toUpperCase()
        .replaceAll(/[ILOU]/g, 'Z')
        .padStart(8, '0')}${letters(16, digits)}`,
      sha256: letters(64, '0123456789abcdef'),
      filename: `IMG_${1000 + (i % 9000)}-${zipf(next, words)}.jpg`,
      type: types[Math.floor(next() * types.length)] ?? 'image/jpeg',
      bytes: Math.floor(next() * 2e7),
      width,
      height,
      createdAt: 1.6e12 + Math.floor(next() * 2e11),
      title: text(2 + Math.floor(next() * 4)),
      description: text(8 + Math.floor(next() * 20)),
      tags: [...new Set(Array.from({ length: 3 + Math.floor(next() * 8) }, () => zipf(next, tags)))],
      rating: Math.floor(next() * 6),
      camera: cameras[Math.floor(next() ** 2 * cameras.length)] ?? '',
      quality: Math.round(next() * 1000) / 1000,
      palette: palette(next),
    };
  }
}

export const searchFields: SearchField[] = [
  { name: 'title', kind: 'text', weight: 3 },
  { name: 'tags', kind: 'keyword', many: true, weight: 2, filter: true, facet: true },
  { name: 'description', kind: 'text' },
  { name: 'filename', kind: 'text' },
  { name: 'type', kind: 'keyword', filter: true, facet: true },
  { name: 'orientation', kind: 'keyword', filter: true, facet: true },
  { name: 'camera', kind: 'keyword', filter: true, facet: true },
  { name: 'rating', kind: 'integer', filter: true, facet: true, sort: true },
  { name: 'bytes', kind: 'integer', filter: true, sort: true },
  { name: 'width', kind: 'integer', filter: true, sort: true },
  { name: 'height', kind: 'integer', filter: true, sort: true },
  { name: 'ratio', kind: 'float', filter: true, sort: true },
  { name: 'quality', kind: 'float', filter: true, sort: true },
  { name: 'createdAt', kind: 'date', filter: true, sort: true },
  { name: 'palette.palette', kind: 'colors' },
];

export function searchDoc({ id, sha256: _, palette, ...asset }: SyntheticAsset): SearchDoc {
  const { width, height } = asset;
  return {
    id,
    rev: 1,
    fields: {
      ...asset,
      orientation: width > height ? 'landscape' : width < height ? 'portrait' : 'square',
      ratio: width / height,
      'palette.palette': palette.map(({ weight, oklab: [l, a, b] }) => ({ l, a, b, weight })),
    },
  };
}
