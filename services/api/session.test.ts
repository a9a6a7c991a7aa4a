import { gatekeeper } from './auth.ts';
import { sessions } from './session.ts';

const keys = ['correct-horse-battery', 'second-key-of-someone'];

/** The cookie that a key is given, as a browser sends it. */
async function cookieOf(key: string): Promise<string> {
  const { createHmac } = await import('node:crypto');
  return `vitrail-session=${createHmac('sha256', key).update('vitrail session').digest('base64url')}`;
}

describe('sessions', () => {
  it('of a key are known as long as the key is', async () => {
    const cookie = await cookieOf(keys[1]!);
    expect(sessions(keys)(cookie)).toBe(true);
    expect(sessions(keys)(`theme=dark; ${cookie}; other=1`)).toBe(true);
    expect(sessions([keys[0]!])(cookie)).toBe(false);
    expect(sessions([])(cookie)).toBe(false);
  });

  it.each([
    undefined,
    '',
    'vitrail-session=',
    'vitrail-session=correct-horse-battery',
    `other-vitrail-session=${'a'.repeat(43)}`,
    `vitrail-session=${'a'.repeat(43)}`,
  ])('are not in %s', (cookie) => expect(sessions(keys)(cookie)).toBe(false));

  it('stand for a key where none is sent, and do not heal a wrong one', async () => {
    const guard = gatekeeper(keys);
    const cookie = await cookieOf(keys[0]!);
    expect(() => guard({ cookie })).not.toThrow();
    expect(() => guard({ cookie, 'x-api-key': 'wrong' })).toThrow();
    expect(cookie).not.toContain(keys[0]);
  });
});
