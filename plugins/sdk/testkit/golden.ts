import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { Enricher } from '../enricher.ts';
import type { BlobRef, Field } from '../fields.ts';
import { differences, type GoldenFile, type Tolerance } from './compare.ts';
import { type Fixture, nameOf } from './fixture.ts';
import { lookOf } from './look.ts';
import type { Run } from './run.ts';

export interface Golden {
  /** JSON beside the plugin: `new URL('./golden.json', import.meta.url)`. */
  file: URL;
  fixtures: readonly Fixture[];
  /** By output. */
  tolerance?: Readonly<Record<string, Tolerance>>;
}

type Values = Record<string, unknown>;
type Stored = Record<string, Values>;

const stored = async (file: URL): Promise<Stored> =>
  existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Stored) : {};

async function goldenFile({ name, type, width, height, bytes }: BlobRef, { files }: Run): Promise<GoldenFile> {
  const data = files.get(name)?.data;
  return { name, type, width, height, bytes, look: data && (await lookOf(data)) };
}

/** An output as a golden keeps it: files by their looks, the rest as it is. */
function valueOf({ kind }: Field, output: unknown, run: Run): unknown {
  if (output === undefined) return undefined;
  if (kind === 'blob') return goldenFile(output as BlobRef, run);
  if (kind === 'blobs') return Promise.all((output as BlobRef[]).map((ref) => goldenFile(ref, run)));
  return output;
}

async function valuesOf(enricher: Enricher, run: Run): Promise<Values> {
  const values: Values = {};
  for (const [name, field] of Object.entries(enricher.outputs)) values[name] = await valueOf(field, run.outputs[name], run);
  return values;
}

async function update({ file, fixtures }: Golden, name: string, values: Values): Promise<void> {
  const all: Stored = { ...(await stored(file)), [name]: values };
  const wanted = fixtures.map(nameOf).filter((other) => other in all);
  await writeFile(file, `${JSON.stringify(Object.fromEntries(wanted.map((other) => [other, all[other]])), null, 2)}\n`);
}

/**
 * Compares a run with what is stored for it. With UPDATE_GOLDENS=1 in the environment it is stored instead.
 * @throws Error that lists what is beyond its tolerance.
 */
export async function compareWithGolden(enricher: Enricher, golden: Golden, fixture: Fixture, run: Run): Promise<void> {
  const name = nameOf(fixture);
  const values = await valuesOf(enricher, run);
  if (process.env.UPDATE_GOLDENS === '1') {
    await update(golden, name, values);
    return;
  }
  const expected = (await stored(golden.file))[name];
  if (!expected) throw new Error(`there is no golden result for ${name}: run with UPDATE_GOLDENS=1, then look at what it wrote`);
  const found = Object.entries(enricher.outputs).flatMap(([output, { kind }]) =>
    differences(kind, expected[output], values[output], golden.tolerance?.[output]).map((what) => `${output}: ${what}`),
  );
  if (found.length === 0) return;
  throw new Error(
    `${name} differs from its golden result; where that is meant, raise resultVersion and run with UPDATE_GOLDENS=1:\n${found.join('\n')}`,
  );
}
