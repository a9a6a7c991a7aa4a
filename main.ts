import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Before anything else is loaded: what was stripped of types and compiled once is not again, and the compiler itself (20 MB) is
// not even loaded. Beside the packages rather than in a shared temporary folder, where others could put code of theirs.
enableCompileCache(join(import.meta.dirname, 'node_modules', '.cache', 'vitrail'));
const { run } = await import('./command.ts');
await run(process.argv.slice(2));
