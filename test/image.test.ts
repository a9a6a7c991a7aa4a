import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { copiedOf, lastOf, readFiles, root, stagesOf } from './fixtures/infrastructure/files.ts';
import { temporaryFolder } from './integration/app.ts';

const files = readFiles();
const node = join(root, 'node_modules', '.bin', 'node');

/** Runs a program to its end, 150 s at most: its status, and all that it printed. */
async function run(args: string[], options: { cwd: string; env: Record<string, string> }) {
  const child = spawn(node, args, {
    ...options,
    env: { PATH: process.env['PATH'], ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output };
}

/** Installed packages that `npm ci --omit=dev` would bring, as links in `folder`. */
function linkPackages(folder: string): void {
  const { packages } = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  for (const [path, { dev, devOptional }] of Object.entries(packages)) {
    if (dev || devOptional || path.lastIndexOf('node_modules/') > 0) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(root, path), join(folder, path));
  }
}

describe('the image', () => {
  it('takes a picture in with what it copies and the packages of production alone, as it does while it is made', async () => {
    await using folder = await temporaryFolder('image');
    for (const name of copiedOf(files)) {
      cpSync(join(root, name), join(folder.path, name), {
        recursive: true,
        filter: (path) => !path.endsWith('.test.ts') && basename(path) !== 'node_modules',
      });
    }
    linkPackages(folder.path);

    const runs = (stagesOf(files).at(-1) ?? []).filter(({ word }) => word === 'RUN').map(({ rest }) => rest);
    const [, args = ''] = /\bnode (.* main\.ts --import \S+ --exit)/.exec(runs.join('\n')) ?? [];
    const data = join(folder.path, 'data');
    const { status, output } = await run(args.split(' '), { cwd: folder.path, env: { VITRAIL_DATA: data, VITRAIL_PORT: '0' } });
    expect(output).toContain('Imported 1 file');
    expect(status).toBe(0);
  }, 180_000);

  it.each([
    ['well where /health answers 200', 200, 0],
    ['ill where it answers 503', 503, 1],
    ['ill where nobody answers', undefined, 1],
  ])('is %s', async (_what, answer, expected) => {
    const server = createServer((req, res) => res.writeHead(req.url === '/health' ? (answer ?? 500) : 404).end()).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (answer === undefined) server.close();

    const [, command = '[]'] = /CMD (\[.*\])$/.exec(lastOf(files, 'HEALTHCHECK')) ?? [];
    const [program, ...args] = JSON.parse(command) as string[];
    expect(program).toBe('node');
    const { status } = await run(args, { cwd: root, env: { VITRAIL_HEALTH_PORT: String(port) } });
    server.close();
    expect(status).toBe(expected);
  });
});
