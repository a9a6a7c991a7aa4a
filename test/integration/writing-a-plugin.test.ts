import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SearchPage } from '../../services/contracts/search.ts';
import { ask, temporaryFolder, until } from './app.ts';
import { launcher, root } from './vitrail.ts';

const run = promisify(execFile);

/** The blocks of one language, in order. */
const blocksOf = (page: string, language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);

it('docs/writing-a-plugin.md: what it says to type makes an enricher that is live, searchable and on the page', async () => {
  const page = await readFile(join(root, 'docs', 'writing-a-plugin.md'), 'utf8');
  const [write = '', start = '', look = ''] = blocksOf(page, 'sh');
  const [line = ''] = blocksOf(page, 'yaml');

  // The repository as somebody has it, but for its own plugins file and data; npx and npm as they find it there.
  await using folder = await temporaryFolder('writing');
  const [here, tools] = [join(folder.path, 'vitrail'), join(folder.path, 'bin')];
  const list = join(here, 'config', 'plugins.yaml');
  for (const made of [join(here, 'config'), tools]) await mkdir(made, { recursive: true });
  await writeFile(list, 'enrichers:\n  palette: {}\n');
  await symlink(join(root, 'samples'), join(here, 'samples'));
  const tool = async (name: string, shift: number, skipped: string) => {
    const text = `#!/bin/sh\n[ "$1" = ${skipped} ] || exit 9\nshift ${shift}\nexec '${process.execPath}' '${launcher}' "$@"\n`;
    await writeFile(join(tools, name), text);
    await chmod(join(tools, name), 0o755);
  };
  await tool('npx', 1, 'vitrail');
  await tool('npm', 2, 'start');
  const env = {
    PATH: `${tools}:${process.env['PATH'] ?? ''}`,
    HOME: folder.path,
    TMPDIR: process.env['TMPDIR'],
    VITRAIL_PLUGINS_FILE: list,
    VITRAIL_DATA: join(folder.path, 'data'),
    VITRAIL_PORT: '0',
  };
  const shell = (text: string) => run('bash', ['-euo', 'pipefail', '-c', text], { cwd: here, env });

  const { stdout } = await shell(write);
  expect(stdout.replaceAll('"', "'")).toContain(line.trim());
  expect(stdout).toMatch(/fail 0/);
  await writeFile(list, `enrichers:\n  palette: {}\n  ${line}`);

  const server = spawn('bash', ['-euo', 'pipefail', '-c', `exec ${start}`], {
    cwd: here,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  try {
    let output = '';
    server.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const base = await until('the address', () => /ready on (http:\/\/\S+)/.exec(output)?.[1]);
    await until('all samples', () => /Imported .*8 new/.test(output));
    const answered = await shell(look.replaceAll('http://127.0.0.1:3000', base));
    expect(answered.stdout).toContain('"tone":"dark"');
    expect(answered.stdout).toContain('"title":"Brightness"');
    const all = await ask<SearchPage>({ base }, '/api/search?brightness.brightness=0..1');
    expect(all.body.total).toBe(8);
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}, 240_000);
