import { media } from '../contracts/media.ts';
import { search } from '../contracts/search.ts';
import { tags } from '../contracts/tags.ts';
import { actionAnswer, type ActionRequest, preconditionOf } from './action-answer.ts';

const request = (some: Partial<ActionRequest> = {}): ActionRequest => ({
  method: 'GET',
  url: '/api/x',
  ifMatch: undefined,
  ifNoneMatch: undefined,
  ...some,
});
const refusal = (type: string) => expect.objectContaining({ type }) as Error;
const asset = { id: 'A', rev: 7 };

describe('the answer to an action', () => {
  it('is not to be kept, unless it has a revision', () => {
    expect(actionAnswer({ action: search.query }, request(), { items: [], next: null })).toEqual({
      headers: { 'Cache-Control': 'no-store' },
      data: { items: [], next: null },
    });
    expect(actionAnswer({ action: media.get }, request(), asset)).toEqual({
      headers: { 'Cache-Control': 'private, no-cache', ETag: '"7"' },
      data: asset,
    });
  });

  it('with nothing in it is 204', () => {
    expect(actionAnswer({ action: media.remove }, request({ method: 'DELETE' }), undefined)).toMatchObject({ status: 204 });
  });

  it('is 304 where the client has that revision, and is reading', () => {
    const having = { ifNoneMatch: '"6", W/"7"' };
    expect(actionAnswer({ action: media.get }, request(having), asset)).toMatchObject({ status: 304, data: undefined });
    expect(actionAnswer({ action: media.get }, request({ ifNoneMatch: '"6"' }), asset)).toMatchObject({ data: asset });
    expect(actionAnswer({ action: media.edit }, request({ ...having, method: 'PATCH' }), asset)).toMatchObject({ data: asset });
  });

  it('says where the next page is, with the other parameters as they were', () => {
    const { headers } = actionAnswer({ action: search.query }, request({ url: '/api/search?q=a%26b&tags=x&tags=y&cursor=old' }), {
      items: [],
      next: 'n=1/2',
    });
    expect(headers.Link).toBe('</api/search?q=a%26b&tags=x&tags=y&cursor=n%3D1%2F2>; rel="next"');
  });

  it('says where something new is', () => {
    const made = actionAnswer({ action: tags.create }, request({ method: 'POST', url: '/api/tags?x' }), { name: 'a/b' });
    expect(made.location).toBe('/api/tags/a%2Fb');
  });
});

describe('a precondition', () => {
  it('is a parameter of actions that heed it, and of no others', () => {
    expect(preconditionOf(media.edit, { ifMatch: '"7", "8"' }, {})).toEqual({ ifMatch: [7, 8] });
    expect(preconditionOf(media.get, { ifMatch: '"7"' }, {})).toEqual({});
    expect(preconditionOf(media.edit, { ifMatch: undefined }, {})).toEqual({});
    expect(preconditionOf(media.edit, { ifMatch: ' * ' }, {})).toEqual({});
  });
  it('is met by no revision where the tags are not ours, or weak', () => {
    expect(preconditionOf(media.edit, { ifMatch: 'W/"7", "seven"' }, {})).toEqual({ ifMatch: [] });
  });
  it.each(['7', '"7', '"7" "8"', '"7",', Array(21).fill('"1"').join(',')])('%s is none', (ifMatch) => {
    expect(() => preconditionOf(media.edit, { ifMatch }, {})).toThrow(refusal('request.malformed'));
  });
  it('comes by its header alone', () => {
    expect(() => preconditionOf(media.edit, { ifMatch: undefined }, { ifMatch: [7] })).toThrow(refusal('params.invalid'));
  });
});
