import type { Directory } from './block.ts';
import { number, text } from './values.ts';

const rounded = (value: number, places: number): number => Number(value.toFixed(places));

/** Degrees, minutes and seconds as degrees to 6 places, a tenth of a metre. Without its hemisphere it is no place. */
function degrees(
  value: unknown,
  ref: unknown,
  [positive, negative]: readonly [string, string],
  most: number,
): number | undefined {
  const [whole, minutes, seconds] = (Array.isArray(value) ? value : []).map((part: unknown) => number(part, 0, most));
  const hemisphere = text(ref)?.toUpperCase();
  if (whole === undefined || minutes === undefined || (hemisphere !== positive && hemisphere !== negative)) return undefined;
  const size = whole + minutes / 60 + (seconds ?? 0) / 3600;
  return size <= most ? rounded(hemisphere === negative ? -size : size, 6) : undefined;
}

/** Metres above the sea, below it where its reference is 1; no picture is taken outside of trenches and low orbits. */
function height(gps: Directory): number | undefined {
  const metres = number(gps['GPSAltitude'], 0, 1e6);
  if (metres === undefined) return undefined;
  return rounded(number(gps['GPSAltitudeRef'], 0, 1) === 1 ? -metres : metres, 1);
}

/** Where the picture was taken; nothing unless both coordinates are there. */
export function placeOf(gps: Directory): { latitude?: number; longitude?: number; altitude?: number | undefined } {
  const latitude = degrees(gps['GPSLatitude'], gps['GPSLatitudeRef'], ['N', 'S'], 90);
  const longitude = degrees(gps['GPSLongitude'], gps['GPSLongitudeRef'], ['E', 'W'], 180);
  if (latitude === undefined || longitude === undefined) return {};
  return { latitude, longitude, altitude: height(gps) };
}
