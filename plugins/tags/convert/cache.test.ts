import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Network } from '../networks/model.ts';
import { convertedFile } from './cache.ts';
import { modelOf } from './testing.ts';

const topology = {
  node: [
    { name: 'x', op: 'Placeholder', attr: { shape: { shape: { dim: [1, 1, 1, 1].map((size) => ({ size })) } } } },
    { name: 'y', op: 'Relu', input: ['x'] },
  ],
};

let folder: string;
let loads: number;
const network = (source = '@some/package@1.2.3'): Network => ({
  name: 'small',
  source: () => source,
  async load() {
    loads++;
    return modelOf('graph-model', topology, {});
  },
  input: { edge: 1, scale: 1, offset: 0 },
  outputs: ['y'],
});
const onlyFile = async (): Promise<string> => {
  const [name, ...others] = await readdir(folder);
  expect(others).toEqual([]);
  return join(folder, name!);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'converted-'));
  loads = 0;
});
afterEach(() => rm(folder, { recursive: true }));

describe('convertedFile', () => {
  it('converts once, and keeps the file under a name that says of what', async () => {
    const made = await convertedFile(network(), folder);
    const kept = await convertedFile(network(), folder);
    expect(Buffer.from(kept).equals(made)).toBe(true);
    expect(loads).toBe(1);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^small-some-package-1\.2\.3-c\d+\.onnx$/)]);
  });

  it('converts another version of the package anew', async () => {
    await convertedFile(network(), folder);
    await convertedFile(network('@some/package@1.2.4'), folder);
    expect(loads).toBe(2);
  });

  it('makes the folder where it is not there', async () => {
    await convertedFile(network(), join(folder, 'not', 'yet'));
    expect((await stat(join(folder, 'not', 'yet'))).isDirectory()).toBe(true);
  });

  it.each([
    ['cut short', (path: string) => truncate(path, 70)],
    ['empty', (path: string) => truncate(path, 0)],
    [
      'changed in one bit',
      async (path: string) => {
        const data = await readFile(path);
        data[40]! ^= 1;
        await writeFile(path, data);
      },
    ],
  ])('makes a file anew that is %s', async (_what, damage) => {
    const made = await convertedFile(network(), folder);
    await damage(await onlyFile());
    expect(Buffer.from(await convertedFile(network(), folder)).equals(made)).toBe(true);
    expect(Buffer.from(await readFile(await onlyFile())).equals(made)).toBe(true);
    expect(loads).toBe(2);
  });

  it('lets several convert at once, and leaves one whole file', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => convertedFile(network(), folder)));
    const kept = await readFile(await onlyFile());
    expect(all.every((made) => kept.equals(made))).toBe(true);
  });

  it('leaves nothing behind where it cannot be converted', async () => {
    await expect(convertedFile({ ...network(), outputs: ['gone'] }, folder)).rejects.toThrow(/has no node gone/);
    expect(await readdir(folder)).toEqual([]);
  });
});
