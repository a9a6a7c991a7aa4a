import { parseQuery, parseTarget } from './target.ts';

const malformed = expect.objectContaining({ type: 'request.malformed' }) as Error;

describe('target of a request', () => {
  it('is parted into path and query', () => {
    expect(parseTarget('/api/search?q=a?b')).toEqual({ path: '/api/search', search: 'q=a?b' });
    expect(parseTarget('/media/x/bärn%20door.jpg')).toEqual({ path: '/media/x/bärn%20door.jpg', search: '' });
  });

  it('may hold slashes and backslashes in names of tags, which are no files', () => {
    for (const path of ['/api/tags/a%2Fb%5Cc', '/api/assets/01X/tags/..%2f..'])
      expect(parseTarget(path)).toEqual({ path, search: '' });
  });

  it.each([
    '/api/tags/a\\b',
    '/api/tags/%00',
    '/api/tags/a/b%2fc',
    '/api/assets/..%2f..%2fetc',
    '/apix/tags/a%2fb',
    '/media/%00',
    '/media/..%2f..%2fetc',
    '/a%5cb',
    '/..\\x',
    '/%',
    '/%ff',
    '/%0d%0ax',
    '*',
    'http://else/',
    '',
  ])('is refused as %j', (url) => {
    expect(() => parseTarget(url)).toThrow(malformed);
  });
});

describe('query', () => {
  it('gives texts, and lists for what is there several times', () => {
    expect({ ...parseQuery('q=a%20b+c&tags=x&tags=y&tags=z&e=') }).toEqual({ q: 'a b c', tags: ['x', 'y', 'z'], e: '' });
  });

  it('never makes objects of brackets', () => {
    expect({ ...parseQuery('tags[$ne]=x&a[b][c]=1') }).toEqual({ 'tags[$ne]': 'x', 'a[b][c]': '1' });
  });

  it('treats the names of Object.prototype as any other', () => {
    const query = parseQuery('__proto__=x&constructor=y&__proto__=z');
    expect(Object.entries(query)).toEqual([
      ['__proto__', ['x', 'z']],
      ['constructor', 'y'],
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('has an end', () => {
    expect(() => parseQuery('a=1&'.repeat(101))).toThrow(malformed);
  });

  it('survives encoding that is broken', () => {
    expect({ ...parseQuery('q=%&r=%ff') }).toEqual({ q: '%', r: '\ufffd' });
  });
});
