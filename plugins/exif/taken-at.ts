import type { Directory } from './block.ts';
import { text } from './values.ts';

/** The date as a local time; undefined for one that is none. */
function localTime(value: unknown, block: Buffer): string | undefined {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  const [day = '', time = ''] = value.toISOString().slice(0, 19).split('T');
  // exif-reader lets the 31st of February run on into March, and the year 0 into 1899: only what stands in the file counts.
  return block.includes(`${day.replaceAll('-', ':')} ${time}`) ? `${day}T${time}` : undefined;
}

/** Hours and minutes from UTC, as far as there are time zones (-12:00 to +14:00). */
function offset(value: unknown): string {
  const said = text(value) ?? '';
  return /^(?:[+-](?:0\d|1[01]):[0-5]\d|[+-]12:00|\+1[23]:[0-5]\d|\+14:00)$/.test(said) ? said : '';
}

/**
 * When the picture was taken, as ISO 8601: with its offset from UTC where the camera knew it (Exif 2.31 and later), else as local
 * time. A scan has only the date when it was made. The date of the last change (`DateTime`) is no answer.
 */
export function takenAt(photo: Directory, block: Buffer): string | undefined {
  for (const which of ['Original', 'Digitized']) {
    const time = localTime(photo[`DateTime${which}`], block);
    if (time !== undefined) return time + offset(photo[`OffsetTime${which}`]);
  }
  return undefined;
}
