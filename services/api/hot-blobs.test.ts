import { BlobError } from '../../drivers/blobs/port.ts';
import { type HotBlobs, hotBlobs, type HotBlobsOptions } from './hot-blobs.ts';

describe('hot blobs', () => {
  let reads: string[];
  beforeEach(() => {
    reads = [];
  });

  const open = (limits: Pick<HotBlobsOptions, 'wholeBytes' | 'maxBytes'>): HotBlobs =>
    hotBlobs({
      ...limits,
      blobs: {
        async fill(into, key) {
          reads.push(key);
          if (key === 'missing') throw new BlobError('blob.missing', 'gone');
          into.set(Buffer.alloc(into.length, key));
        },
      },
    });
  async function text(hot: HotBlobs, key: string, bytes = 4): Promise<string | undefined> {
    const lent = await hot.whole(key, bytes);
    const content = lent?.content.toString();
    lent?.done();
    return content;
  }

  it('reads a blob once', async () => {
    const hot = open({ wholeBytes: 8, maxBytes: 16 });
    for (let i = 0; i < 3; i++) expect(await text(hot, 'a')).toBe('aaaa');
    expect(reads).toEqual(['a']);
  });

  it('lets one that is asked for much more often take the place of one that is not asked for any more', async () => {
    const hot = open({ wholeBytes: 4, maxBytes: 8 });
    for (const key of ['a', 'b', 'c', 'c', 'c']) await text(hot, key);
    expect(reads).toEqual(['a', 'b', 'c', 'c', 'c']);
    for (const key of ['c', 'b', 'a']) expect(await text(hot, key)).toBe(key.repeat(4));
    expect(reads.slice(5)).toEqual(['a']);
  });

  it('keeps what it has through a walk over more than fits', async () => {
    const keys = 'abcdefghij'.split('');
    const hot = open({ wholeBytes: 4, maxBytes: 20 });
    for (let round = 0; round < 3; round++) for (const key of keys) expect(await text(hot, key)).toBe(key.repeat(4));
    expect(keys.map((key) => reads.filter((read) => read === key).length)).toEqual([1, 1, 1, 1, 1, 3, 3, 3, 3, 3]);
  });

  it('leaves large blobs alone, and small ones while too much is on its way', async () => {
    const hot = open({ wholeBytes: 4, maxBytes: 8 });
    expect(hot.whole('a', 5)).toBeUndefined();
    const [one, two] = await Promise.all([hot.whole('a', 4), hot.whole('b', 4)]);
    expect([one, two].map((lent) => lent?.content.toString())).toEqual(['aaaa', 'bbbb']);
    expect(hot.whole('c', 4)).toBeUndefined();
    one?.done();
    expect(await text(hot, 'c')).toBe('cccc');
  });

  it('never changes bytes that are still on their way', async () => {
    const hot = open({ wholeBytes: 4, maxBytes: 8 });
    const lent = await hot.whole('a', 4);
    for (const key of ['b', 'c', 'd']) await text(hot, key);
    expect(lent?.content.toString()).toBe('aaaa');
  });

  it('remembers no failure', async () => {
    const hot = open({ wholeBytes: 8, maxBytes: 8 });
    for (let i = 0; i < 3; i++) await expect(hot.whole('missing', 4)).rejects.toMatchObject({ code: 'blob.missing' });
    expect(await text(hot, 'a')).toBe('aaaa');
  });
});
