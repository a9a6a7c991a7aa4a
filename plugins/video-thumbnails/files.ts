import sharp from 'sharp';
import type { RawPixels } from '../sdk/index.ts';

// Every picture is made once: what libvips would keep would only take memory.
sharp.cache(false);

/** A file as it is put, and its media type. */
export interface MadeFile {
  data: Buffer;
  type: string;
  width?: number;
  height?: number;
}

/** Milliseconds that the preview shows each of its frames, and how many it has at most: three seconds. */
const PREVIEW_STEP_MS = 350;
export const PREVIEW_FRAMES = 8;

/** Pixels of a tile of the storyboard; its height follows the clip, from ten times as wide to twice as tall. */
const TILE_WIDTH = 160;
const WIDEST = 10;
const TALLEST = 2;
const COLUMNS = 5;
const TILES = 25;

export async function jpeg({ data, ...raw }: RawPixels, quality: number): Promise<MadeFile> {
  const encoded = await sharp(data, { raw }).jpeg({ quality, optimiseCoding: false }).toBuffer();
  return { data: encoded, type: 'image/jpeg', width: raw.width, height: raw.height };
}

/** Some of a list, evenly over it, its first and last among them. */
function evenly<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_none, i) => list[Math.round((i * (list.length - 1)) / Math.max(1, most - 1))]!);
}

/** An animation that steps through frames of one size. */
export async function preview(shown: readonly RawPixels[]): Promise<MadeFile> {
  const { width, height } = shown[0]!;
  const raw = { width, height: height * shown.length, channels: 3, pageHeight: height } as const;
  const data = await sharp(Buffer.concat(shown.map((frame) => frame.data)), { raw })
    .webp({ quality: 60, effort: 0, loop: 0, delay: shown.map(() => PREVIEW_STEP_MS) })
    .toBuffer();
  return { data, type: 'image/webp', width, height };
}

/** A sheet of tiles in one picture, and where each frame stands on it. */
export interface Storyboard {
  sheet: MadeFile;
  tiles: { atMs: number; x: number; y: number; width: number; height: number }[];
}

/** Frames side by side, each in the middle of its cell, on black. */
function laidOut(frames: readonly RawPixels[], columns: number, cell: { width: number; height: number }): RawPixels {
  const width = columns * cell.width;
  const height = Math.ceil(frames.length / columns) * cell.height;
  const data = Buffer.alloc(width * height * 3);
  frames.forEach((frame, i) => {
    const left = (i % columns) * cell.width + Math.floor((cell.width - frame.width) / 2);
    const top = Math.floor(i / columns) * cell.height + Math.floor((cell.height - frame.height) / 2);
    const bytes = frame.width * 3;
    for (let row = 0; row < frame.height; row++)
      frame.data.copy(data, ((top + row) * width + left) * 3, row * bytes, (row + 1) * bytes);
  });
  return { data, width, height, channels: 3 };
}

/** Frames evenly over the clip, five in a row, five rows at most. Frames of unusual shape are shown whole, on black. */
export async function storyboard(all: readonly { atMs: number; small: RawPixels }[]): Promise<Storyboard> {
  const frames = evenly(all, TILES);
  const { small } = frames[0]!;
  const cell = {
    width: Math.max(small.width, Math.ceil(small.height / TALLEST)),
    height: Math.max(small.height, Math.ceil(small.width / WIDEST)),
  };
  const [width, height] = [TILE_WIDTH, Math.round((TILE_WIDTH * cell.height) / cell.width)];
  const columns = Math.min(COLUMNS, frames.length);
  const size = { width: columns * width, height: Math.ceil(frames.length / columns) * height };
  // One picture is made smaller, not each tile: that takes a fifth of the time.
  const { data, ...raw } = laidOut(
    frames.map((frame) => frame.small),
    columns,
    cell,
  );
  const sheet = await sharp(data, { raw })
    .resize({ ...size, fit: 'fill' })
    .jpeg({ quality: 75, optimiseCoding: false })
    .toBuffer();
  const tiles = frames.map(({ atMs }, i) => ({
    ...{ atMs, width, height },
    ...{ x: (i % columns) * width, y: Math.floor(i / columns) * height },
  }));
  return { sheet: { data: sheet, type: 'image/jpeg', ...size }, tiles };
}
