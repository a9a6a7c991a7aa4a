import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];

/** Path of a program as a shell would find it with this `PATH`; undefined where there is none. */
export function findProgram(name: string, path: string): string | undefined {
  const candidates = path.split(delimiter).flatMap((folder) => endings.map((ending) => join(folder || '.', name + ending)));
  return candidates.find(isProgram);
}

/** A `PATH` on which the programs beside `program` (its own path, or its folder) come first. */
export function pathWith(program: string, path: string): string {
  const folder = isProgram(program) ? dirname(program) : program;
  return [folder, path].filter((part) => part !== '').join(delimiter);
}
