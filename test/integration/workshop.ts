/** A checkout as somebody has it who follows a page of the documentation, in a folder of its own: commands are run there as the page writes them. */
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../fixtures/until.ts';
import { temporaryFolder } from './app.ts';
import { launcher, root } from './vitrail.ts';

export interface Workshop extends AsyncDisposable {
  /** The folder beside which a page has things put. */
  path: string;
  /** The plugins file of the checkout. */
  plugins: string;
  /** @throws Error with what was printed where a command ends with another status than 0, and curl where it is answered with 400 or more */
  shell(text: string): Promise<{ stdout: string; stderr: string }>;
  /** Types a command that serves, and waits for the address it prints. */
  serve(command: string): Promise<Served>;
}

export interface Served extends AsyncDisposable {
  base: string;
  output(): string;
}

const run = promisify(execFile);

/** The blocks of one language of a page, in order. */
export async function blocksOf(page: string, language: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block);
}

/** What npm and npx come to in a checkout where everything is installed. */
const tools = {
  npm: `case "$1" in ci) exit 0 ;; start) shift ;; *) exit 9 ;; esac\n[ "\${1:-}" = -- ] && shift`,
  npx: `[ "$1" = vitrail ] || exit 9\nshift`,
};

export async function openWorkshop(name: string, plugins: string): Promise<Workshop> {
  const folder = await temporaryFolder(name);
  const [here, bin] = [join(folder.path, 'vitrail'), join(folder.path, 'bin')];
  for (const made of [join(here, 'config'), bin]) await mkdir(made, { recursive: true });
  const list = join(here, 'config', 'plugins.yaml');
  await writeFile(list, plugins);
  await symlink(join(root, 'samples'), join(here, 'samples'));
  await writeFile(join(folder.path, '.curlrc'), 'silent\nshow-error\nfail-with-body\n');
  for (const [tool, text] of Object.entries(tools)) {
    await writeFile(join(bin, tool), `#!/bin/sh\n${text}\nexec '${process.execPath}' '${launcher}' "$@"\n`);
    await chmod(join(bin, tool), 0o755);
  }
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: folder.path,
    TMPDIR: process.env['TMPDIR'],
    VITRAIL_PLUGINS_FILE: list,
    VITRAIL_DATA: join(folder.path, 'data'),
    VITRAIL_PORT: '0',
  };
  const strict = (text: string): string[] => ['--norc', '-euo', 'pipefail', '-c', text];

  return {
    path: folder.path,
    plugins: list,
    shell: (text) => run('bash', strict(text), { cwd: here, env }),
    async serve(command) {
      const child = spawn('bash', strict(`exec ${command}`), { cwd: here, env, stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const base = await until('the address', () => /ready on (http:\/\/\S+)/.exec(output)?.[1]);
      return {
        base,
        output: () => output,
        async [Symbol.asyncDispose]() {
          child.kill('SIGTERM');
          await ended;
        },
      };
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
