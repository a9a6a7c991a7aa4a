import type { Directory, Tags } from './block.ts';
import { cameraName } from './camera.ts';
import { takenAt } from './taken-at.ts';
import { count, measure, number, text } from './values.ts';

/** The largest value of 16 bits stands for "more than that" in the older tag of sensitivity. */
const isoOverflow = 65_535;

function sensitivity(photo: Directory): number | undefined {
  const rated = count(photo['ISOSpeedRatings'], isoOverflow - 1);
  return rated ?? count(photo['RecommendedExposureIndex'], 1e7) ?? count(photo['ISOSpeed'], 1e7);
}

/** The lowest bit of the tag says whether it fired, the others why. */
function fired(value: unknown): boolean | undefined {
  const bits = number(value, 0, 0xffff);
  return bits === undefined ? undefined : bits % 2 === 1;
}

/** Camera, lens, exposure and date, without what is not there or not believable. Smallest and largest values are beyond any camera. */
export function shotOf({ image, photo }: Tags, block: Buffer) {
  return {
    takenAt: takenAt(photo, block),
    camera: cameraName(text(image['Make']), text(image['Model'])),
    lens: text(photo['LensModel']),
    exposureTime: measure(photo['ExposureTime'], 1e-9, 1e6),
    aperture: measure(photo['FNumber'], 0.1, 1000),
    iso: sensitivity(photo),
    focalLength: measure(photo['FocalLength'], 0.01, 1e5),
    focalLength35: count(photo['FocalLengthIn35mmFilm'], isoOverflow - 1),
    exposureBias: measure(photo['ExposureBiasValue'], -30, 30),
    flash: fired(photo['Flash']),
    software: text(image['Software']),
  };
}
