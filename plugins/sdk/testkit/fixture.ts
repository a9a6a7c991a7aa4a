import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import type { EnricherAsset } from '../enricher.ts';

/** A file to try an enricher on: its path, or a name and what makes its bytes. */
export type Fixture = string | { name: string; bytes: () => Uint8Array | Promise<Uint8Array> };

export const nameOf = (fixture: Fixture): string => (typeof fixture === 'string' ? basename(fixture) : fixture.name);

/** A fixture as a file of its own in a new folder, so that an enricher that writes to it does no harm. */
export interface Opened {
  path: string;
  /** The asset but for its size, which is the still's to know. */
  asset: Omit<EnricherAsset, 'width' | 'height'>;
  close(): Promise<void>;
}

export async function openFixture(fixture: Fixture): Promise<Opened> {
  const bytes = typeof fixture === 'string' ? await readFile(fixture) : await fixture.bytes();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const type = (await fileTypeFromBuffer(bytes))?.mime ?? 'application/octet-stream';
  const folder = await mkdtemp(join(tmpdir(), 'enricher-'));
  const path = join(folder, 'original');
  await writeFile(path, bytes);
  return {
    path,
    asset: { id: '01J00000000000000000000000', sha256, filename: nameOf(fixture), type, bytes: bytes.length },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
