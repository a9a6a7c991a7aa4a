import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Lock, LockHeldError, lockFile } from '../../drivers/lock/sqlite.ts';
import { ConfigError } from '../error.ts';

/**
 * Makes the data folder where there is none and takes it for this process until released, or until the process ends.
 * @throws ConfigError where it cannot be written, or another process has it.
 */
export function takeDataFolder(folder: string): Lock {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return lockFile({ file: join(folder, 'lock.sqlite') });
  } catch (error) {
    if (error instanceof LockHeldError) {
      throw new ConfigError(
        `another Vitrail is using the data folder ${folder}: stop that one, or set VITRAIL_DATA to another folder.`,
      );
    }
    throw new ConfigError(`the data folder ${folder} cannot be used (${(error as Error).message}): see VITRAIL_DATA.`, {
      cause: error,
    });
  }
}
