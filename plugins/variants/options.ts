import { z } from 'zod';
import { stillEdges } from '../sdk/index.ts';

const quality = z.int().min(1).max(100);

/** What pages show is no smaller, unless the owner says so. */
const SMALLEST = 320;

export const Format = z.enum(['jpeg', 'webp', 'avif']);
export type Format = z.infer<typeof Format>;

/**
 * What the owner of the collection may choose. The sizes are those that the still keeps anyway. Each step of effort buys a few
 * per cent of size for a third more CPU at first, later for twice as much; AVIF takes seven times the CPU of WebP, which is why
 * it is off unless asked for.
 */
export const Options = z.strictObject({
  presets: z
    .array(z.int().min(16).max(16_384))
    .min(1)
    .max(20)
    .default(stillEdges.filter((edge) => edge >= SMALLEST))
    .describe('Longer edges in pixels'),
  formats: z.array(Format).min(1).default(['jpeg', 'webp']),
  jpeg: z.strictObject({ quality: quality.default(80) }).prefault({}),
  webp: z.strictObject({ quality: quality.default(80), effort: z.int().min(0).max(6).default(2) }).prefault({}),
  avif: z.strictObject({ quality: quality.default(50), effort: z.int().min(0).max(9).default(2) }).prefault({}),
});
export type Options = z.output<typeof Options>;
