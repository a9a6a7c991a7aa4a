#!/usr/bin/env node
/**
 * `npx vitrail …`: main.ts under the Node that npm's `node` package brings, with what `npm start` gives it; the Node that runs this
 * file may be too old for TypeScript. Plain JavaScript for that reason, and nothing but a door.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where packages for development are left out, as in the image, the Node at hand is the right one. */
function node() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
  } catch {
    return process.execPath;
  }
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const flags = ['--max-semi-space-size=1'];
const child = spawn('env', ['MALLOC_ARENA_MAX=2', node(), ...flags, main, ...process.argv.slice(2)], { stdio: 'inherit' });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`Vitrail cannot be started: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  // Ends as it ended, for whoever asks how.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
