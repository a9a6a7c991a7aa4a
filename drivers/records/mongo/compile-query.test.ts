import { ObjectId } from 'mongodb';
import type { Query } from '../port.ts';
import { compileFind, compileQuery } from './compile-query.ts';
import { compileUpdate } from './compile-update.ts';

const invalid = expect.objectContaining({ code: 'records.query-invalid' }) as Error;

describe('a query in MongoDB’s words', () => {
  it('is flat, with bare values, so that every server finds its index', () => {
    expect(compileQuery({ id: 'a', state: { $eq: 'x' }, rev: { $gt: 1, $lte: 5 } })).toEqual({
      _id: 'a',
      state: 'x',
      rev: { $gt: 1, $lte: 5 },
    });
  });

  it('keeps branches, and says of null what is meant', () => {
    expect(compileQuery({ a: 1, $or: [{ b: 2 }, { id: 'c' }], $and: [{ d: { $gte: null } }, { e: { $lt: null } }] })).toEqual({
      a: 1,
      $and: [{ $or: [{ b: 2 }, { _id: 'c' }] }, { d: { $in: [null] } }, { e: { $in: [] } }],
    });
  });

  it('keeps both conditions where two come to the same operator', () => {
    expect(compileQuery({ a: { $in: ['x', null], $gte: null } })).toEqual({
      a: { $in: ['x', null] },
      $and: [{ a: { $in: [null] } }],
    });
  });

  it.each<unknown>([
    { a: new ObjectId() },
    { a: /x/ },
    { a: new Date() },
    { a: { $not: { $eq: 1 } } },
    { a: { $elemMatch: { b: 1 } } },
    { a: { $in: [{ $gt: '' }] } },
    { a: { $eq: { $gt: '' } } },
    { $nor: [{ a: 1 }] },
    { $comment: 'x' },
    { $and: [{ $where: 'true' }] },
    { $or: [{ a: { $type: 2 } }] },
    { _id: 'a' },
    { '_id.x': 'a' },
    { _batch: 'a' },
    { 'a.$b': 1 },
    [],
    null,
  ])('refuses %p', (query) => {
    expect(() => compileQuery(query as Query)).toThrow(invalid);
  });

  it('sorts by what is stored', () => {
    const { sort } = compileFind({ sort: ['-rank'] });
    expect(sort).toEqual(['-rank', '_id']);
    expect(() => compileFind({ sort: ['$natural'] })).toThrow(invalid);
    expect(() => compileFind({ sort: ['-_id'] })).toThrow(invalid);
  });
});

describe('an update in MongoDB’s words', () => {
  it('has no empty operators, and copies of the values', () => {
    const value = { x: 1, gone: undefined };
    const compiled = compileUpdate({ $set: { a: value }, $inc: {} });
    value.x = 2;
    expect(compiled?.update).toEqual({ $set: { a: { x: 1 } } });
  });

  it.each(['_id', '_batch', '_id.x', 'a.$', 'a.$[]', '$where'])('refuses the path %s', (path) => {
    expect(() => compileUpdate({ $set: { [path]: 1 } })).toThrow(invalid);
    expect(() => compileUpdate({ $unset: { [path]: true } })).toThrow(invalid);
  });
});
