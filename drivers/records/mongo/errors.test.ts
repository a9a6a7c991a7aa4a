import { inspect } from 'node:util';
import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoNetworkError,
  MongoServerError,
  MongoWriteConcernError,
  type BulkWriteResult,
} from 'mongodb';
import { translated } from './errors.ts';

const result: unknown = {};
const amidMany = (error: unknown): MongoBulkWriteError => new MongoBulkWriteError(error as never, result as BulkWriteResult);
const told = (error: unknown): unknown => translated(error, 'host:1');
const server = (code: number, errmsg = 'no', errorLabels: string[] = []): MongoServerError =>
  new MongoServerError({ code, errmsg, errorLabels });

describe('an error of MongoDB’s client', () => {
  it.each<[string, unknown]>([
    ['a network that fails', new MongoNetworkError('connect ECONNREFUSED')],
    ['a network that fails amid many', amidMany(new MongoNetworkError('gone'))],
    ['a server that goes down', server(91)],
    ['a server that is no primary', server(10107)],
    ['a server that gave up', server(50)],
    ['what may be tried again', server(1, 'no', ['RetryableWriteError'])],
    ['a majority that does not confirm', new MongoWriteConcernError({ ok: 1, writeConcernError: { code: 64, errmsg: 'late' } })],
  ])('of %s says that the records are unavailable, and where', (_, error) => {
    expect(told(error)).toMatchObject({ code: 'records.unavailable', message: expect.stringContaining('host:1') as string });
  });

  it.each([
    ['E11000 duplicate key error collection: vitrail.assets index: unique sha256 dup key: { sha256: "x" }', 'sha256'],
    ['E11000 duplicate key error collection: vitrail.assets index: unique size.width dup key: { size.width: 1 }', 'size.width'],
    ['E11000 duplicate key error collection: vitrail.assets index: _id_ dup key: { _id: "a" }', 'id'],
  ])('of a double names the field: %s', (message, field) => {
    expect(told(server(11000, message))).toMatchObject({
      code: 'records.duplicate',
      message: `another record has the same '${field}'`,
    });
  });

  it('of a double shows no record', () => {
    const message = 'E11000 duplicate key error index: _id_ dup key';
    const error = told(amidMany({ message, code: 11000, writeErrors: [{ op: { note: 'private' } }] }));
    expect(error).toMatchObject({ code: 'records.duplicate' });
    expect(inspect(error, { depth: null })).not.toContain('private');
  });

  it.each([14, 28, 10334, 17419])('of code %d says that the query is invalid', (code) => {
    expect(told(server(code))).toMatchObject({ code: 'records.query-invalid' });
  });

  it('of a client that is closed says that the records are', () => {
    expect(told(new MongoClientClosedError())).toMatchObject({ code: 'records.closed' });
  });

  it('of anything else, and what is no error of the client, stays as it is', () => {
    const others = [server(18, 'Authentication failed.'), server(13, 'not authorized'), new TypeError('x')];
    expect(others.map(told)).toEqual(others);
  });
});
