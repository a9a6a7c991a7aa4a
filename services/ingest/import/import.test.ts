import { VitrailError } from '../../contracts/errors.ts';
import { type Destination, importFiles } from './import.ts';

const { signal } = new AbortController();
const onProgress = (): void => undefined;

/** Where every file is answered with this. */
const throwing = (error: Error): Destination => ({
  take: () => Promise.reject(error),
  settled: () => Promise.resolve('ready'),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

it.each([
  ['the file is', new VitrailError('upload.type-refused', 'No.'), 'refused'],
  ['the file is', new VitrailError('upload.too-large', 'No.'), 'refused'],
  ['the file is', Object.assign(new Error('no'), { syscall: 'open', code: 'ENOENT' }), 'refused'],
  ['the moment is', new VitrailError('request.too-many', 'No.'), 'failed'],
  ['the moment is', new VitrailError('upload.aborted', 'No.'), 'failed'],
  ['the moment is', new VitrailError('server.busy', 'No.'), 'failed'],
  ['the server is', new Error('no'), 'failed'],
])('where %s at fault (%s), the file is %s', async (_what, error, list) => {
  const progress = await importFiles(throwing(error), ['/a.jpg'], { signal, onProgress });
  expect({ refused: progress.refused.length, failed: progress.failed.length, settled: progress.settled }).toEqual({
    refused: list === 'refused' ? 1 : 0,
    failed: list === 'failed' ? 1 : 0,
    settled: 1,
  });
});
