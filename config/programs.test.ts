import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findProgram, pathWith } from './programs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-programs-'));
  for (const name of ['one', 'two']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'ffmpeg'), '#!/bin/sh\n');
    await chmod(join(folder, name, 'ffmpeg'), 0o755);
  }
  await writeFile(join(folder, 'one', 'notes'), 'no program');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (...parts: string[]): string => join(folder, ...parts);

describe('findProgram', () => {
  it('takes the first on the path', () => {
    expect(findProgram('ffmpeg', [at('none'), at('two'), at('one')].join(delimiter))).toBe(at('two', 'ffmpeg'));
  });
  it.each(['notes', 'ffprobe', 'two'])('does not take %s, which is none', (name) => {
    expect(findProgram(name, [at('one'), folder].join(delimiter))).toBeUndefined();
  });
});

describe('pathWith', () => {
  it.each([
    ['the program itself', ['one', 'ffmpeg']],
    ['its folder', ['one']],
  ])('puts the folder first for %s', (_what, parts) => {
    expect(pathWith(at(...parts), at('two'))).toBe([at('one'), at('two')].join(delimiter));
  });
});
