import { Readable } from 'node:stream';
import { hotBlobs } from './hot-blobs.ts';

function counted(contents: Record<string, Buffer>) {
  const reads: string[] = [];
  const read = async (key: string) => {
    reads.push(key);
    const content = contents[key];
    if (!content) throw new Error('missing');
    return Readable.from([content.subarray(0, 2), content.subarray(2)]);
  };
  return { reads, blobs: { read } };
}
const four = (letter: string) => Buffer.from(letter.repeat(4));

describe('hot blobs', () => {
  it('reads a blob once, however many ask, at once or later', async () => {
    const { reads, blobs } = counted({ a: four('a') });
    const hot = hotBlobs({ blobs, wholeBytes: 8, maxBytes: 8 });
    const [one, two] = await Promise.all([hot.whole('a', 4), hot.whole('a', 4)]);
    expect([one, two, await hot.whole('a', 4)].map(String)).toEqual(['aaaa', 'aaaa', 'aaaa']);
    expect(reads).toEqual(['a']);
  });

  it('lets one that is asked for more often take the place of the one that was not asked for the longest', async () => {
    const { reads, blobs } = counted({ a: four('a'), b: four('b'), c: four('c') });
    const hot = hotBlobs({ blobs, wholeBytes: 8, maxBytes: 8 });
    for (const key of ['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'a', 'b']) await hot.whole(key, 4);
    expect(reads).toEqual(['a', 'b', 'c', 'c']);
    for (const key of ['c', 'c', 'c', 'c', 'c', 'b', 'a', 'b']) await hot.whole(key, 4);
    expect(reads.slice(4)).toEqual(['c', 'c', 'c', 'a']);
  });

  it('keeps what it has through a walk over more than fits', async () => {
    const keys = Array.from({ length: 20 }, (_, i) => `key-${i}`);
    const { reads, blobs } = counted(Object.fromEntries(keys.map((key) => [key, four('x')])));
    const hot = hotBlobs({ blobs, wholeBytes: 8, maxBytes: 40 });
    for (let round = 0; round < 3; round++) for (const key of keys) await hot.whole(key, 4);
    expect(reads.filter((key) => key === 'key-0')).toHaveLength(1);
    expect(reads).toHaveLength(20 + 10 + 10);
  });

  it('leaves large blobs alone, and small ones while too much is on its way', async () => {
    const { reads, blobs } = counted({ a: four('a') });
    const hot = hotBlobs({ blobs, wholeBytes: 4, maxBytes: 8 });
    expect(hot.whole('a', 5)).toBeUndefined();
    const lent = hot.lend(5);
    expect(hot.whole('a', 4)).toBeUndefined();
    lent.done();
    expect(String(await hot.whole('a', 4))).toBe('aaaa');
    expect(reads).toEqual(['a']);
  });

  it('remembers no failure, and takes no blob of another length', async () => {
    const contents: Record<string, Buffer> = { b: four('b') };
    const { blobs } = counted(contents);
    const hot = hotBlobs({ blobs, wholeBytes: 8, maxBytes: 8 });
    await expect(hot.whole('a', 4)).rejects.toThrow('missing');
    contents['a'] = four('a');
    expect(String(await hot.whole('a', 4))).toBe('aaaa');
    await expect(hot.whole('b', 3)).rejects.toThrow('4 bytes where 3');
  });
});
