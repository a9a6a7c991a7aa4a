import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { glob, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Command, Misuse, Refusal } from './command.ts';

const usage = `Usage: vitrail test [DIR]

Runs the tests (*.test.js, *.test.ts) of an enricher's folder with Node's own test runner, in Vitrail's Node, where vitrail/sdk,
vitrail/sdk/testkit, zod and sharp are Vitrail's own, wherever the folder lies. Without DIR it is the one you are in.

Status 0 when all pass, 1 when one fails or there is none, 2 when the line is not understood.`;

/** Makes `vitrail/sdk` known in the processes of the runner. */
const hooks = new URL('./test/hooks.ts', import.meta.url).href;
const patterns = ['**/*.test.js', '**/*.test.mjs', '**/*.test.ts'];

async function testsIn(folder: string): Promise<string[]> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new Refusal(`${folder} is no folder: give vitrail test the folder of an enricher.`);
  return Array.fromAsync(glob(patterns, { cwd: folder, exclude: ['**/node_modules/**'] }));
}

/** The tests of a plugin, wherever it lies. */
export const testCommand: Command = {
  usage,
  async run(args) {
    const { positionals } = parseArgs({ args, allowPositionals: true });
    if (positionals.length > 1) throw new Misuse('One folder at a time; see vitrail test --help.');
    const folder = resolve(positionals[0] ?? '.');
    const tests = await testsIn(folder);
    if (tests.length === 0) throw new Refusal(`${folder} has no tests: theirs are files named *.test.js or *.test.ts.`);
    const child = spawn(process.execPath, ['--import', hooks, '--test', ...tests.sort()], { cwd: folder, stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0 ? 0 : 1;
  },
};
