import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that has no name any more: whatever happens to this process, the system takes it back. */
export async function openScratch(): Promise<FileHandle> {
  const path = join(tmpdir(), `vitrail-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}
