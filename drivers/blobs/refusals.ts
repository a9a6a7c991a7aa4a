import { BlobError, type ByteRange } from './port.ts';

export const missing = (key: string, cause?: unknown): BlobError =>
  new BlobError('blob.missing', `there is no blob '${key}'`, { cause });

/** Whether a range lies within a blob; of a blob whose length is not known yet, whether it could. */
export const isWithin = ({ start, end }: ByteRange, bytes = Infinity): boolean =>
  Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end < bytes;

export const outside = (key: string, { start, end }: ByteRange, bytes?: number): BlobError =>
  new BlobError(
    'blob.range',
    `bytes ${start}–${end} are not within the ${bytes === undefined ? '' : `${bytes} `}bytes of '${key}'`,
  );
