import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingEngine } from './missing.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probe-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function probe(name: string, code: string): Promise<string> {
  const path = join(folder, `${name}.mjs`);
  await writeFile(path, code);
  return path;
}

describe('missingEngine', () => {
  it('finds nothing missing where an engine loads, as after npm ci', async () => {
    expect(await missingEngine('auto', {})).toBeUndefined();
  });

  it('says what the probe says', async () => {
    const fails = await probe('fails', `process.stdout.write('There is no engine.\\n'); process.exitCode = 1;`);
    expect(await missingEngine('auto', {}, fails)).toBe('There is no engine.');
  });

  it('tries the engine that was chosen, and tells its process nothing that is not meant for it', async () => {
    const tells = await probe(
      'tells',
      `process.stdout.write([process.argv[2], ...Object.keys(process.env)].join()); process.exitCode = 1;`,
    );
    process.env['VITRAIL_API_KEYS'] = 'a key that nobody may see';
    try {
      expect(await missingEngine('tfjs', { LANG: 'C' }, tells)).toBe('tfjs,LANG');
    } finally {
      delete process.env['VITRAIL_API_KEYS'];
    }
  });

  it('outlives a native part that ends the process, and says so', async () => {
    const crashes = await probe('crashes', `process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000);`);
    expect(await missingEngine('auto', {}, crashes)).toMatch(/loading them ends the process \(SIGSEGV\)/);
  });
});
