import type { AddressOptions } from '../port.ts';
import type { Place } from './place.ts';

const defaultSeconds = 15 * 60;
/** Of AWS signature version 4. */
const maxSeconds = 7 * 24 * 3600;

/** A presigned GET: made here, without a request. It says nothing of the secret key, and goes as far as the access key does. */
export async function addressOf({ signer, bucket, nameOf }: Place, key: string, options: AddressOptions): Promise<string> {
  const { expiresSeconds = defaultSeconds, fileName, contentType } = options;
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > maxSeconds) {
    throw new RangeError(`an address holds from 1 to ${maxSeconds} seconds, not ${expiresSeconds}`);
  }
  return signer.presignedGetObject(bucket, nameOf(key), expiresSeconds, {
    ...(contentType !== undefined && { 'response-content-type': contentType }),
    ...(fileName !== undefined && { 'response-content-disposition': `inline; filename*=UTF-8''${encoded(fileName)}` }),
  });
}

/** RFC 8187: of what `encodeURIComponent` leaves as it is, these are not allowed. */
const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
