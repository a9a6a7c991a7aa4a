/**
 * Prints how often the embedding of a changed copy is nearest to that of its original, among all pictures of the truth table that are
 * on this machine, and the highest review score of all: node plugins/tags/truth/retrieval.ts
 */
import sharp, { type Sharp } from 'sharp';
import { enrichOnce } from '../../sdk/testkit.ts';
import tags from '../index.ts';
import { present } from './precision.ts';

/** Of each side, so that 60 % of the area stay. */
const KEPT = Math.sqrt(0.6);

interface Copy {
  open: () => Sharp;
  width: number;
  height: number;
}

const jpeg = async (picture: Sharp, quality: number): Promise<Buffer> => picture.jpeg({ quality }).toBuffer();

function crop({ open, width, height }: Copy, corner: number): Sharp {
  const [w, h] = [Math.round(width * KEPT), Math.round(height * KEPT)];
  return open().extract({ left: Math.floor((width - w) * corner), top: Math.floor((height - h) * corner), width: w, height: h });
}

const changes: Readonly<Record<string, (copy: Copy) => Promise<Buffer>>> = {
  'JPEG quality 30': ({ open }) => jpeg(open(), 30),
  '200 px': ({ open }) => jpeg(open().resize(200), 90),
  '200 px, JPEG quality 15': ({ open }) => jpeg(open().resize(200), 15),
  'middle 60 % of the area': (copy) => jpeg(crop(copy, 0.5), 90),
  'corner 60 % of the area': (copy) => jpeg(crop(copy, 0), 90),
  mirrored: ({ open }) => jpeg(open().flop(), 90),
  'a quarter brighter': ({ open }) => jpeg(open().modulate({ brightness: 1.25 }), 90),
  'hue turned by 30°': ({ open }) => jpeg(open().modulate({ hue: 30 }), 90),
  'hue turned by 90°': ({ open }) => jpeg(open().modulate({ hue: 90 }), 90),
  grey: ({ open }) => jpeg(open().greyscale(), 90),
};

interface Outputs {
  embedding: number[];
  reviewScore: number;
}
let mostReview = 0;

async function embed(name: string, bytes: Buffer): Promise<number[]> {
  const { outputs } = await enrichOnce(tags, { name, bytes: () => bytes });
  const { embedding, reviewScore } = outputs as unknown as Outputs;
  mostReview = Math.max(mostReview, reviewScore);
  return embedding;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

const originals: { copy: Copy; embedding: number[] }[] = [];
for (const { path } of present()) {
  const inside = sharp(path)
    .autoOrient()
    .resize(640, 640, { fit: 'inside' })
    .flatten({ background: '#fff' })
    .toColourspace('srgb');
  const { data, info } = await inside.png().toBuffer({ resolveWithObject: true });
  originals.push({ copy: { open: () => sharp(data), ...info }, embedding: await embed('original.png', data) });
}
const apart = originals.flatMap((one, at) => originals.slice(at + 1).map((other) => dot(one.embedding, other.embedding)));
process.stdout.write(
  `${originals.length} pictures; cosine of two different ones: median ${apart.toSorted((a, b) => a - b)[apart.length >> 1]?.toFixed(2) ?? '–'}\n\n`,
);

for (const [change, make] of Object.entries(changes)) {
  let found = 0;
  for (const [at, { copy }] of originals.entries()) {
    const query = await embed('copy.jpg', await make(copy));
    const likeness = originals.map(({ embedding }) => dot(query, embedding));
    if (likeness.indexOf(Math.max(...likeness)) === at) found++;
  }
  process.stdout.write(`| ${change} | ${((100 * found) / originals.length).toFixed(0)} % |\n`);
}
process.stdout.write(`\nHighest review score of originals and copies: ${mostReview}\n`);
