import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Network } from '../networks/model.ts';
import { convert, CONVERTER_VERSION } from './convert.ts';
import { metadata } from './onnx.ts';

const HEX_LENGTH = 64;

const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** The file with its own digest as its last bytes, in an entry of the metadata: it is an ONNX file all the same. */
function sealed(onnx: Uint8Array): Uint8Array {
  const frame = metadata('sha256', '0'.repeat(HEX_LENGTH));
  const start = Buffer.concat([onnx, frame.subarray(0, -HEX_LENGTH)]);
  return Buffer.concat([start, Buffer.from(digest(start))]);
}

const isWhole = (file: Buffer): boolean =>
  file.length > HEX_LENGTH && file.subarray(-HEX_LENGTH).toString('latin1') === digest(file.subarray(0, -HEX_LENGTH));

/** Readers see the whole file or none, whoever else writes it, and after a power cut too. */
async function write(path: string, data: Uint8Array): Promise<void> {
  const half = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(half, data, { flag: 'wx', flush: true });
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}

/**
 * The network as an ONNX file: from the folder, or converted and kept there. The name says what it was made of and by which
 * converter, so that another version of either makes its own. One that is damaged is made anew. Where two make the same at
 * once, both write the same bytes and the last one stays.
 */
export async function convertedFile(network: Network, cache: string): Promise<Uint8Array> {
  const source = network
    .source()
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^-/, '');
  const path = join(cache, `${network.name}-${source}-c${CONVERTER_VERSION}.onnx`);
  const kept = await readFile(path).catch(() => Buffer.alloc(0));
  if (isWhole(kept)) return kept;
  const made = sealed(convert(await network.load(), network.outputs));
  await mkdir(cache, { recursive: true });
  await write(path, made);
  return made;
}
