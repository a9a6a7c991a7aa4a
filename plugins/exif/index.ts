import { z } from 'zod';
import { defineEnricher, field } from '../sdk/index.ts';

export default defineEnricher({
  name: 'exif',
  title: 'Camera data',
  description: 'What the camera wrote into the file: camera, lens, exposure and date, and the place where that is wanted',
  version: '1.0.0',
  resultVersion: 1,
  accepts: ['image/*'],
  config: z.strictObject({
    gps: z.boolean().default(false).describe('Also read where the picture was taken; everyone who sees the asset sees it then'),
  }),
  outputs: {
    takenAt: field.date({
      title: 'Taken',
      description: 'When the picture was taken; without an offset it is the local time of the camera, searched as if it were UTC',
      optional: true,
    }),
    camera: field.keyword({ title: 'Camera', description: 'Maker and model', optional: true }),
    lens: field.keyword({ title: 'Lens', optional: true }),
    exposureTime: field.float({ title: 'Exposure time', unit: 's', min: 0, optional: true }),
    aperture: field.float({ title: 'Aperture', description: 'The f-number: 2.8 is f/2.8', min: 0, optional: true }),
    iso: field.integer({ title: 'ISO', description: 'Sensitivity', min: 1, optional: true }),
    focalLength: field.float({ title: 'Focal length', unit: 'mm', min: 0, optional: true }),
    focalLength35: field.integer({
      title: 'Focal length, 35 mm equivalent',
      description: 'The focal length that shows as much on 35 mm film, where the camera says it',
      unit: 'mm',
      min: 1,
      optional: true,
    }),
    exposureBias: field.float({ title: 'Exposure compensation', unit: 'EV', min: -30, max: 30, optional: true }),
    flash: field.boolean({ title: 'Flash', description: 'Whether it fired', optional: true }),
    software: field.keyword({ title: 'Software', description: 'What wrote the file', facet: false, optional: true }),
    latitude: field.float({
      title: 'Latitude',
      description: 'North is positive (WGS 84)',
      unit: '°',
      min: -90,
      max: 90,
      optional: true,
    }),
    longitude: field.float({
      title: 'Longitude',
      description: 'East is positive (WGS 84)',
      unit: '°',
      min: -180,
      max: 180,
      optional: true,
    }),
    altitude: field.float({ title: 'Altitude', description: 'Above the sea', unit: 'm', optional: true }),
  },
  run: { concurrency: 4, timeoutMs: 15_000 },
  async enrich(_asset, { original, config, signal }) {
    signal.throwIfAborted();
    // Loaded where it runs: the serving process reads only the declaration, and is smaller by what this needs.
    const { exifBlock, readTags } = await import('./block.ts');
    const { shotOf } = await import('./shot.ts');
    const { placeOf } = await import('./place.ts');
    const path = await original();
    signal.throwIfAborted();
    const block = await exifBlock(path);
    signal.throwIfAborted();
    if (block === undefined) return {};
    const tags = readTags(block);
    return { ...shotOf(tags, block), ...(config.gps && placeOf(tags.gps)) };
  },
});
