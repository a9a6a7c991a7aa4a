import sharp from 'sharp';
import { thumbHashToRGBA } from 'thumbhash';
import type { PaletteColor } from '../../plugins/sdk/fields.ts';
import type { Asset } from '../../services/contracts/asset.ts';

// It draws what this project made itself: sharp's text, which needs a font on the machine, is no way in for strangers' files.
const side = 420;
const gap = 16;
const swatch = { height: 36, gap: 8 };
const textWidth = 900;
/** Values are cut after so many characters. */
const longest = 300;

type Layer = { input: Buffer; left: number; top: number };

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function shown(value: unknown): string {
  const rounded = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'number' ? Number(part.toPrecision(4)) : part));
  return rounded.length > longest ? `${rounded.slice(0, longest)}…` : rounded;
}

/** Every value of every enricher, a line each; palettes are drawn instead, files are counted. */
function lines({ filename, title, type, width, height, bytes, state, tags, enrichments, variants }: Asset): string {
  const facts = [`${type}, ${width} × ${height}, ${Math.round(bytes / 1024)} KB, ${state}`, `${variants.length} files`];
  const values = Object.entries(enrichments).flatMap(([enricher, outputs]) =>
    Object.entries(outputs).flatMap(([output, value]) => {
      const drawn = output === 'palette' || JSON.stringify(value).includes('"bytes"');
      return drawn ? [] : [`<b>${enricher}.${output}</b> ${escape(shown(value))}`];
    }),
  );
  const tagged = tags.length > 0 ? [`<b>tags</b> ${escape(tags.join(', '))}`] : [];
  return [`<big><b>${escape(title ?? filename)}</b></big>`, ...facts, ...tagged, ...values].join('\n');
}

async function text(markup: string): Promise<Buffer> {
  return sharp({ text: { text: markup, font: 'sans 11', width: textWidth, rgba: true, dpi: 96, wrap: 'word-char' } })
    .png()
    .toBuffer();
}

async function pictureAt(url: string, width: number, height: number): Promise<Buffer | undefined> {
  const response = await fetch(url);
  if (!response.ok) return undefined;
  return sharp(Buffer.from(await response.arrayBuffer()))
    .flatten({ background: '#ffffff' })
    .resize(width, height, { fit: 'inside' })
    .png()
    .toBuffer()
    .catch(() => undefined);
}

/** Colours beside each other, each as wide as its share. */
async function swatches(palette: readonly PaletteColor[]): Promise<Buffer> {
  let left = 0;
  const layers: Layer[] = [];
  for (const { hex, weight } of palette) {
    const width = Math.max(1, Math.min(side - left, Math.round(weight * side)));
    const input = await sharp({ create: { width, height: swatch.height, channels: 3, background: hex } })
      .png()
      .toBuffer();
    if (left < side) layers.push({ input, left, top: 0 });
    left += width;
  }
  return sharp({ create: { width: side, height: swatch.height, channels: 3, background: '#eeeeee' } })
    .composite(layers)
    .png()
    .toBuffer();
}

/** The placeholder as a page shows it, with the average colour below it. */
async function blur({ thumbhash, averageColor = '#ffffff' }: Record<string, unknown>): Promise<Buffer | undefined> {
  if (typeof thumbhash !== 'string') return undefined;
  const { w: width, h: height, rgba } = thumbHashToRGBA(Buffer.from(thumbhash, 'base64'));
  return sharp(rgba, { raw: { width, height, channels: 4 } })
    .resize(140, 140, { fit: 'inside' })
    .extend({ bottom: swatch.height / 2, background: String(averageColor) })
    .png()
    .toBuffer();
}

/** Derived pictures that are no smaller sizes of the original: posters, thumbnails, storyboards. */
const others = ({ variants }: Asset) =>
  variants.filter(({ name, type }) => type.startsWith('image/') && !/^\d+\.\w+$/.test(name)).slice(0, 12);

/** One asset: picture, palette and other pictures on the left, values on the right. */
export async function drawRow(base: string, asset: Asset): Promise<Buffer> {
  const layers: Layer[] = [];
  let top = gap;
  const below = async (input: Buffer | undefined, space: number): Promise<void> => {
    if (!input) return;
    layers.push({ input, left: gap, top });
    top += (await sharp(input).metadata()).height + space;
  };
  const poster = asset.variants.find(({ name }) => name.startsWith('poster'));
  const thumbnail = asset.type.startsWith('image/') ? `/media/${asset.id}?w=640&format=jpeg` : poster?.url;
  if (thumbnail !== undefined) await below(await pictureAt(base + thumbnail, side, side), swatch.gap);
  const palette = asset.enrichments['palette']?.['palette'] as PaletteColor[] | undefined;
  if (palette) await below(await swatches(palette), swatch.gap);
  await below(await blur(asset.enrichments['placeholder'] ?? {}), swatch.gap);
  for (const { url } of others(asset)) await below(await pictureAt(base + url, side, 240), swatch.gap);

  const said = await text(lines(asset));
  layers.push({ input: said, left: side + 2 * gap, top: gap });
  const height = Math.max(top, (await sharp(said).metadata()).height + 2 * gap);
  return sharp({ create: { width: side + textWidth + 3 * gap, height, channels: 3, background: '#ffffff' } })
    .composite(layers)
    .png()
    .toBuffer();
}
