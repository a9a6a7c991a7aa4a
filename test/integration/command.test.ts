import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, until } from './app.ts';

const root = join(import.meta.dirname, '..', '..');
const launcher = join(root, 'bin', 'vitrail.js');

function vitrail(args: string[], env: Record<string, string> = {}): { child: ChildProcess; output(): string } {
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { PATH: process.env['PATH'], VITRAIL_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { child, output: () => output };
}
async function ended(child: ChildProcess): Promise<unknown[]> {
  return (await once(child, 'close')) as unknown[];
}

it('the launcher gives Node what npm start gives it', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const [, variable = '', flags = ''] = /^exec env (\S+) node (.+) main\.ts$/.exec(scripts['start'] ?? '') ?? [];
  const source = readFileSync(launcher, 'utf8');
  expect(source).toContain(`'${variable}'`);
  expect(source).toContain(
    `const flags = [${flags
      .split(' ')
      .map((flag) => `'${flag}'`)
      .join(', ')}];`,
  );
});

it('tells its commands, and each of them what it is', async () => {
  const help = vitrail(['--help']);
  expect(await ended(help.child)).toEqual([0, null]);
  expect(help.output()).toMatch(/Usage: vitrail .*--import[^]*\n {2}migrate {2}\S/);
  const migrate = vitrail(['migrate', '--help']);
  expect(await ended(migrate.child)).toEqual([0, null]);
  expect(migrate.output()).toContain('Usage: vitrail migrate --from');
});

it('a command that there is not is one line and status 1', async () => {
  const { child, output } = vitrail(['migrat']);
  expect(await ended(child)).toEqual([1, null]);
  expect(output()).toMatch(/^'migrat' is not understood; see --help\.\n$/);
});

it('without a command a node is started, which a signal to the launcher stops in order', async () => {
  await using folder = await temporaryFolder('launched');
  const { child, output } = vitrail([], { VITRAIL_DATA: folder.path });
  await until('the address it listens on', () => output().includes('Vitrail is ready on'));
  child.kill('SIGTERM');
  expect(await ended(child)).toEqual([0, null]);
  expect(output()).toContain('Stopping');
}, 60_000);
