import sharp, { type Sharp } from 'sharp';
import type { RawPixels } from '../sdk/index.ts';
import { edgesFor, qualityOf } from './quality.ts';

const { cos, log, max, min, PI, round, sqrt } = Math;

/** For tests and measurements: what spoils a picture, at rising levels. */

const open = ({ data, width, height, channels }: RawPixels): Sharp => sharp(data, { raw: { width, height, channels } });

async function rawOf(picture: Sharp): Promise<RawPixels> {
  const { data, info } = await picture
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 3 };
}

/** A picture file with its longer edge at most `edge`, upright. */
export const load = (path: string, edge = 16_384): Promise<RawPixels> =>
  rawOf(sharp(path).autoOrient().resize(edge, edge, { fit: 'inside', withoutEnlargement: true }));

/** The same numbers for the same seed, evenly from 0 to 1 (Park and Miller 1988). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Numbers of a normal distribution with a standard deviation of 1 (Box and Muller 1958). */
export function normal(seed: number): () => number {
  const random = chance(seed);
  return () => sqrt(-2 * log(random())) * cos(2 * PI * random());
}

const noises = new Map<number, Float32Array>();

/** The same for each picture: their making takes long. */
function noiseOf(deviation: number): Float32Array {
  const made = noises.get(deviation) ?? Float32Array.from({ length: 262_139 }, normal(deviation * 1000 + 1));
  noises.set(deviation, made);
  return made;
}

function withNoise(pixels: RawPixels, deviation: number): RawPixels {
  const noise = noiseOf(deviation);
  const data = Buffer.from(pixels.data);
  for (let i = 0; i < data.length; i += 1) data[i] = min(255, max(0, round(data[i]! + deviation * noise[i % noise.length]!)));
  return { ...pixels, data };
}

async function downAndUp(pixels: RawPixels, share: number): Promise<RawPixels> {
  const small = await rawOf(open(pixels).resize(round(pixels.width * share)));
  return rawOf(open(small).resize(pixels.width, pixels.height, { fit: 'fill' }));
}

const levels = (pixels: RawPixels, gain: number, offset = 0): Promise<RawPixels> => rawOf(open(pixels).linear(gain, offset));

interface Distortion {
  /** From the least to the worst. */
  levels: readonly number[];
  apply(pixels: RawPixels, level: number): Promise<RawPixels> | RawPixels;
}

export const distortions = {
  /** Gaussian blur: sigma in pixels. */
  blur: { levels: [0.8, 1.5, 3, 5, 8], apply: (pixels, sigma) => rawOf(open(pixels).blur(sigma)) },
  /** Gaussian noise in each channel: standard deviation in levels. */
  noise: { levels: [5, 12, 25, 45, 70], apply: withNoise },
  /** JPEG: quality. */
  jpeg: {
    levels: [60, 35, 18, 8, 4],
    apply: async (pixels, quality) => rawOf(sharp(await open(pixels).jpeg({ quality }).toBuffer())),
  },
  /** Made smaller by this much and as large as before again. */
  downscale: { levels: [0.66, 0.45, 0.3, 0.2, 0.12], apply: downAndUp },
  /** Levels times this. */
  underexposure: { levels: [0.7, 0.5, 0.35, 0.22, 0.12], apply: (pixels, gain) => levels(pixels, gain) },
  overexposure: { levels: [1.3, 1.7, 2.2, 3, 4], apply: (pixels, gain) => levels(pixels, gain) },
  /** Levels drawn to the middle by this much. */
  lowContrast: { levels: [0.75, 0.55, 0.4, 0.25, 0.15], apply: (pixels, share) => levels(pixels, share, 128 * (1 - share)) },
} as const satisfies Record<string, Distortion>;

/** What the enricher would say of these pixels as an original. */
export async function rate(pixels: RawPixels): Promise<ReturnType<typeof qualityOf>> {
  const longest = max(pixels.width, pixels.height);
  const edges = edgesFor(longest);
  const at = (edge: number): Promise<RawPixels> | RawPixels =>
    edge >= longest ? pixels : rawOf(open(pixels).resize(edge, edge, { fit: 'inside' }));
  return qualityOf({ fine: await at(edges.fine), coarse: await at(edges.coarse), small: await at(edges.small) }, longest);
}
