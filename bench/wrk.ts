import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Load {
  requests: number;
  requestsPerSecond: number;
  /** Answers that were not 2xx. */
  failed: number;
}

export async function needWrk(): Promise<void> {
  await run('wrk', ['-v']).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return;
    console.error('This bench needs wrk: apt-get install wrk');
    process.exit(1);
  });
}

/** With one thread there is one Lua state, and the addresses are asked for in their order, again and again. */
const script = (paths: readonly string[]): string => `
local paths = { ${paths.map((path) => JSON.stringify(path)).join(', ')} }
local asked, thread = 0, nil
failed = 0
function setup(it) thread = it end
function request()
  asked = asked + 1
  return wrk.format('GET', paths[(asked - 1) % #paths + 1])
end
function response(status)
  if status < 200 or status > 299 then failed = failed + 1 end
end
function done(summary)
  io.write(string.format('RESULT %d %d %d\\n', summary.requests, summary.duration, thread:get('failed')))
end
`;

export interface LoadOptions {
  /** Where the script goes. */
  folder: string;
  seconds: number;
  /** Fails when there were more answers than addresses, so that one was asked for twice. */
  once?: boolean;
}

/** Asks for addresses over four connections, for some seconds. */
export async function load(
  base: string,
  paths: readonly string[],
  { folder, seconds, once = false }: LoadOptions,
): Promise<Load> {
  const file = join(folder, 'load.lua');
  await writeFile(file, script(paths));
  const { stdout } = await run('wrk', ['-t1', '-c4', `-d${seconds}s`, '--timeout', '30s', '-s', file, base]);
  const [, requests, micros, failed] = /RESULT (\d+) (\d+) (\d+)/.exec(stdout) ?? [];
  if (requests === undefined) throw new Error(`wrk said something else: ${stdout}`);
  if (once && Number(requests) > paths.length)
    throw new Error(`${requests} answers, but only ${paths.length} addresses: ask for fewer seconds`);
  return { requests: Number(requests), requestsPerSecond: Number(requests) / (Number(micros) / 1e6), failed: Number(failed) };
}
