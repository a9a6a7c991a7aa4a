import { Errors } from 'moleculer';
import { BlobError } from '../../drivers/blobs/port.ts';
import { errorTable, VitrailError } from '../contracts/errors.ts';
import { failureOf, problemHeaders, problemOf } from './problem.ts';

const statusOf = (error: unknown) => problemOf(failureOf(error)).status;

describe('problem', () => {
  it('tells an error of the table with its row, its words and its data', () => {
    const failure = failureOf(
      new VitrailError('upload.too-large', 'Up to 8 bytes.', { maxBytes: 8, status: 200, title: 'fine' }),
    );
    expect(problemOf(failure, 'r-1')).toEqual({
      type: 'urn:vitrail:error:upload.too-large',
      title: errorTable['upload.too-large'].title,
      status: 413,
      detail: 'Up to 8 bytes.',
      instance: 'urn:vitrail:request:r-1',
      code: 'upload.too-large',
      maxBytes: 8,
    });
  });

  it.each(['ENOSPC', 'SQLITE_FULL'])(
    'says that there is no room left when the store says %s, and leaves the story to the log',
    (code) => {
      const failure = failureOf(Object.assign(new Error('/data/records.sqlite is full'), { code }));
      expect(failure.unexpected).toBe(true);
      expect(problemOf(failure)).toMatchObject({
        status: 507,
        code: 'storage.full',
        detail: expect.not.stringContaining('/data') as string,
      });
    },
  );

  it('knows an error of the table that lost its class on the way over the mesh', () => {
    const error = Object.assign(new Error('Gone.'), { name: 'VitrailError', type: 'asset.not-found', code: 404 });
    expect(statusOf(error)).toBe(404);
  });

  it('tells nothing of what is not in the table', () => {
    const failure = failureOf(new TypeError('secret at /home/me/db.sqlite'));
    expect(failure.unexpected).toBe(true);
    expect(JSON.stringify(problemOf(failure))).not.toContain('secret');
    expect(problemOf(failure).code).toBe('server.internal');
  });

  it('is not taken in by names that every object has, nor by what is no error', () => {
    expect(failureOf(Object.assign(new Error('x'), { type: 'constructor' })).unexpected).toBe(true);
    expect(failureOf(Object.assign(new Error('x'), { name: 'toString' })).unexpected).toBe(true);
    expect(failureOf('a string').unexpected).toBe(true);
    expect(failureOf(undefined).unexpected).toBe(true);
  });

  it.each([
    new Errors.ServiceNotFoundError({ action: 'media.get' }),
    new Errors.ServiceNotAvailableError({ action: 'media.get' }),
    new Errors.RequestTimeoutError({ action: 'media.get', nodeID: 'n' }),
    new Errors.QueueIsFullError({ action: 'media.get', nodeID: 'n' }),
    Object.assign(new Error('Service unavailable'), { name: 'ServiceUnavailableError' }),
  ])('answers $name of the mesh as busy, without its words, and asks to come again', (error) => {
    const failure = failureOf(error);
    expect(failure).toMatchObject({ code: 'server.busy', unexpected: false });
    expect(problemOf(failure).detail).not.toContain('media.get');
    expect(problemHeaders(failure)['Retry-After']).toMatch(/^\d+$/);
  });

  it('asks to come again where a store that the gateway itself asked is away, and says nothing of where it is', () => {
    const failure = failureOf(new BlobError('blob.unavailable', 'connect ECONNREFUSED 10.0.0.7:9000'));
    expect(failure).toMatchObject({ code: 'engine.away', unexpected: false });
    expect(problemOf(failure)).toMatchObject({ status: 503, detail: expect.not.stringContaining('10.0.0.7') as string });
    expect(problemHeaders(failure)['Retry-After']).toMatch(/^\d+$/);
  });

  it('sends the headers that belong to a status', () => {
    const headersOf = (error: unknown) => problemHeaders(failureOf(error));
    expect(headersOf(new VitrailError('request.unauthorized', 'Key.'))).toHaveProperty('WWW-Authenticate');
    expect(headersOf(new VitrailError('method.not-allowed', 'No.', { allow: ['GET', 'HEAD'] }))['Allow']).toBe('GET, HEAD');
    expect(headersOf(new VitrailError('media.range-unsatisfiable', 'No.', { bytes: 7 }))['Content-Range']).toBe('bytes */7');
    expect(headersOf(new VitrailError('asset.not-found', 'No.'))).not.toHaveProperty('Retry-After');
  });
});
