import { endInWords, inShort } from './failure.ts';

describe('inShort', () => {
  it('keeps the message on one line, without paths', () => {
    expect(inShort(new TypeError('Cannot find module\n  /srv/app/x.js imported from file:///srv/app/y.ts:3:1'))).toBe(
      'Cannot find module … imported from …',
    );
    expect(inShort(new Error(`ENOENT: no such file, open '/home/Jo Smith/x.jpg'`))).toBe(`ENOENT: no such file, open '…'`);
    expect(inShort(new Error(String.raw`open 'C:\Users\me\x.jpg'`))).toBe(`open '…'`);
  });
  it('leaves fractions, media types, addresses and words with a slash alone', () => {
    expect(inShort(new Error('1/2 of image/png and/or https://example.org/a/b'))).toBe(
      '1/2 of image/png and/or https://example.org/a/b',
    );
  });
  it('cuts what is long, and says something of what says nothing', () => {
    expect(inShort(new Error('x'.repeat(5000)))).toHaveLength(300);
    expect(inShort(new RangeError())).toBe('RangeError');
    expect(inShort('')).toBe('no reason given');
    expect(inShort(undefined)).toBe('undefined');
  });
});

describe('endInWords', () => {
  it('tells a signal from an exit code, and both from other messages', () => {
    expect(endInWords('exitCode: `null`\n signalCode: `SIGSEGV`')).toBe(
      'its process was ended by SIGSEGV, a fault in native code',
    );
    expect(endInWords('exitCode: `3`\n signalCode: `null`')).toBe('its process ended with exit code 3');
    expect(endInWords('anything else')).toBeNull();
  });
});
