import { gatekeeper, hostGuard, refuseForeignPages } from './auth.ts';

const keys = ['correct-horse-battery', 'second-key-of-someone'];
const unauthorized = expect.objectContaining({ type: 'request.unauthorized' }) as Error;
const crossOrigin = expect.objectContaining({ type: 'request.cross-origin' }) as Error;

describe('gatekeeper', () => {
  const guard = gatekeeper(keys);

  it('lets everybody in where there are no keys', () => {
    expect(() => gatekeeper([])({})).not.toThrow();
  });

  it.each([{ authorization: `Bearer ${keys[0]}` }, { authorization: `bearer  ${keys[1]} ` }, { 'x-api-key': keys[1] }])(
    'lets a key in: %j',
    (headers) => {
      expect(() => guard(headers)).not.toThrow();
    },
  );

  it.each([
    {},
    { authorization: '' },
    { authorization: 'Bearer' },
    { authorization: `Basic ${keys[0]}` },
    { authorization: `Bearer ${keys[0]}x` },
    { authorization: `Bearer ${keys[0]?.slice(0, -1)}` },
    { authorization: 'Bearer wrong', 'x-api-key': keys[0] },
    { 'x-api-key': '' },
    { 'x-api-key': keys.join(',') },
  ])('refuses %j', (headers) => {
    expect(() => guard(headers)).toThrow(unauthorized);
  });

  it('never says what it was sent, nor what it would take', () => {
    const message = (() => {
      try {
        guard({ authorization: 'Bearer my-own-secret' });
      } catch (error) {
        return JSON.stringify(error) + String(error);
      }
      return '';
    })();
    expect(message).toContain('API');
    for (const secret of [...keys, 'my-own-secret']) expect(message).not.toContain(secret);
  });
});

describe('pages of other origins', () => {
  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://evil.example', host: '127.0.0.1:3000' },
    { origin: 'http://127.0.0.1:4000', host: '127.0.0.1:3000' },
    { origin: 'null', host: '127.0.0.1:3000' },
  ])('change nothing: %j', (headers) => {
    expect(() => refuseForeignPages('POST', headers)).toThrow(crossOrigin);
    expect(() => refuseForeignPages('GET', headers)).not.toThrow();
  });

  it.each([
    {},
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' },
  ])('is not said of %j', (headers) => {
    expect(() => refuseForeignPages('DELETE', headers)).not.toThrow();
  });

  it('believes the browser before the headers that a proxy may have changed', () => {
    expect(() =>
      refuseForeignPages('POST', { 'sec-fetch-site': 'same-origin', origin: 'https://pictures.example', host: 'inner:3000' }),
    ).not.toThrow();
  });
});

describe('a server that asks for no key', () => {
  const named = hostGuard(['photos.example']);

  it.each([
    undefined,
    '',
    'edge:3000',
    'localhost:3000',
    'a.localhost',
    '127.0.0.1:3000',
    '[::1]:3000',
    '10.1.2.3',
    'photos.example',
    'PHOTOS.example:8080',
  ])('answers to %s', (host) => {
    expect(() => named({ host })).not.toThrow();
  });

  it.each([
    'evil.example',
    'evil.example:3000',
    'photos.example.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    'not a host',
  ])('does not go by %j', (host) => {
    expect(() => named({ host })).toThrow(expect.objectContaining({ type: 'request.misdirected' }) as Error);
  });
});
