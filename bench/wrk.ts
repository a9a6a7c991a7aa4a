import { execFile } from 'node:child_process';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Load {
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

/** Every thread of wrk is a Lua state of its own; with one thread the addresses are asked for in their order. */
const script = (paths: readonly string[], once: boolean): string => `
local paths = { ${paths.map((path) => JSON.stringify(path)).join(', ')} }
local asked, answered, failed = 0, 0, 0
local self
function setup(thread) self = thread; thread:set('failed', 0) end
function request()
  asked = asked + 1
  return wrk.format('GET', paths[(asked - 1) % #paths + 1])
end
function response(status)
  answered = answered + 1
  if status < 200 or status > 299 then failed = failed + 1 end
  if ${String(once)} and answered == #paths then wrk.thread:stop() end
end
function done(summary)
  io.write(string.format('RESULT %d %d %d\\n', summary.requests, summary.duration, self:get('failed') or 0))
end
`;

/** Asks for addresses over four connections: again and again for some seconds, or each once. */
export async function load(
  base: string,
  paths: readonly string[],
  how: { folder: string; seconds: number; once?: boolean },
): Promise<Load> {
  const file = join(how.folder, 'load.lua');
  await writeFile(file, script(paths, how.once === true));
  await access(file);
  const { stdout } = await run('wrk', ['-t1', '-c4', `-d${how.seconds}s`, '--timeout', '30s', '-s', file, base]);
  const [, requests, micros, failed] = /RESULT (\d+) (\d+) (\d+)/.exec(stdout) ?? [];
  if (requests === undefined) throw new Error(`wrk said something else: ${stdout}`);
  return { requestsPerSecond: Number(requests) / (Number(micros) / 1e6), failed: Number(failed) };
}
