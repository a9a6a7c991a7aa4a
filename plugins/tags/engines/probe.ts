/** The entry of a process that tries to load the engine that is named: ends with 0, or says in words for people why none loads. */
import { tmpdir } from 'node:os';
import { CHOICES } from './choices.ts';
import { openEngine } from './open.ts';

try {
  await openEngine(CHOICES.find((choice) => choice === process.argv[2]) ?? 'auto', tmpdir());
} catch (error) {
  process.stdout.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
