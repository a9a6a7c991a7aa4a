/** The entry of a process that tries to load an engine: ends with 0, or says in words for people why none loads. */
import { tmpdir } from 'node:os';
import { openEngine } from './open.ts';

try {
  await openEngine('auto', tmpdir());
} catch (error) {
  process.stdout.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
