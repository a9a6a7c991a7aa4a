import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../fixtures/until.ts';
import { temporaryFolder } from './app.ts';
import { ended, launcher, root, vitrail } from './vitrail.ts';

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
  const help = await ended(vitrail(['--help']));
  expect(help).toMatchObject({ status: 0, stdout: expect.stringMatching(/Usage: vitrail .*--import[^]*\n {2}migrate +\S/) });
  const words = [...help.stdout.matchAll(/^ {2}([a-z]+) {2}/gm)].map(([, word = '']) => word);
  expect(words).toContain('create');
  for (const word of words) {
    const { status, stdout } = await ended(vitrail([word, '--help']));
    expect([word, status, stdout]).toEqual([word, 0, expect.stringMatching(new RegExp(`^Usage: vitrail ${word}\\b`))]);
  }
}, 120_000);

it.each([
  ['a command that there is not', ['migrat'], /^'migrat' is not understood; see --help\.\n$/],
  ['a flag that there is not', ['create', '--form', 'x'], /^Unknown option '--form'.*\n$/],
])('%s is one line and status 2', async (_what, args, said) => {
  expect(await ended(vitrail(args))).toEqual({ status: 2, stdout: '', output: expect.stringMatching(said) });
});

it('without a command a node is started, which a signal to the launcher stops in order', async () => {
  await using folder = await temporaryFolder('launched');
  const running = vitrail([], { env: { VITRAIL_DATA: folder.path } });
  await until('the address it listens on', () => running.output().includes('Vitrail is ready on'));
  running.child.kill('SIGTERM');
  expect(await running.status()).toBe(0);
  expect(running.output()).toMatch(/Stopping[^]*Stopped\.\n$/);
}, 60_000);
