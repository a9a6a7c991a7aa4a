import assert from 'node:assert/strict';
import { z } from 'zod';
import { accepts, checkOutputs } from '../define.ts';
import type { Enricher } from '../enricher.ts';
import { PermanentError } from '../errors.ts';
import type { BlobRef } from '../fields.ts';
import { type Fixture, nameOf } from './fixture.ts';
import { compareWithGolden, type Golden } from './golden.ts';
import { type Ask, enrichOnce, type Run, type RunOptions } from './run.ts';

export interface Suite<C extends z.ZodType = z.ZodType> extends Pick<RunOptions, 'inputs' | 'size'> {
  /** Files it has to work on, one at least. */
  accepts: readonly [Fixture, ...Fixture[]];
  /** Files it has to refuse for good, and what its reason says. */
  rejects?: readonly { file: Fixture; reason?: RegExp }[];
  config?: z.input<C>;
  golden?: Golden;
}

export interface Case {
  title: string;
  run(): Promise<void>;
}

const refsOf = (enricher: Enricher, { outputs }: Run): BlobRef[] =>
  Object.entries(enricher.outputs).flatMap(([name, { kind }]) => {
    if (kind !== 'blob' && kind !== 'blobs') return [];
    return ([outputs[name] ?? []] as (BlobRef | BlobRef[])[]).flat();
  });

function assertValid(enricher: Enricher, run: Run): void {
  const { asset, files, outputs } = run;
  assert.ok(
    accepts(enricher.accepts, asset.type),
    `the file is ${asset.type}, which the enricher does not accept: no host would give it that`,
  );
  const checked = checkOutputs(enricher, outputs);
  if (!checked.success) assert.fail(`the outputs are not as declared:\n${z.prettifyError(checked.error)}`);
  const refs = refsOf(enricher, run);
  for (const ref of refs)
    assert.deepEqual(ref, files.get(ref.name)?.ref, `the file '${ref.name}' in the outputs is not as \`put\` gave it`);
  for (const [name, { data }] of files) {
    assert.ok(
      refs.some((ref) => ref.name === name),
      `the file '${name}' was put but is in no output: nobody would ever see it`,
    );
    assert.ok(data.length > 0, `the file '${name}' is empty`);
  }
}

/** A reason is shown to the owner of the picture: words, without what only a programmer reads. */
function assertForPeople(message: string): void {
  assert.match(message, /\S+\s+\S+/, `the reason '${message}' says too little for a person`);
  assert.doesNotMatch(
    message,
    /\n|\/original\b|\[object|\bundefined\b|\bat .*:\d+/,
    `the reason '${message}' shows what is internal`,
  );
}

async function assertRefused(enricher: Enricher, file: Fixture, reason: RegExp | undefined, options: RunOptions): Promise<void> {
  const error: unknown = await enrichOnce(enricher, file, options).then(
    () => assert.fail('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof assert.AssertionError) throw error;
  assert.ok(
    error instanceof PermanentError,
    `a PermanentError was expected, not ${String(error)}: others are tried again and again`,
  );
  assertForPeople(error.message);
  if (reason) assert.match(error.message, reason);
}

function assertSame(first: Run, second: Run): void {
  assert.deepEqual(second.outputs, first.outputs, 'two runs gave different outputs');
  for (const [name, { data }] of first.files) {
    assert.ok(second.files.get(name)?.data.equals(data), `two runs gave different bytes for '${name}'`);
  }
}

/** Aborts the first time that `at` is asked, and returns what is asked after that. `aborted` is whether it came to that. */
async function runAborted(
  enricher: Enricher,
  file: Fixture,
  options: RunOptions,
  at: Ask,
): Promise<{ ended: boolean; aborted: boolean; later: Ask[] }> {
  const controller = new AbortController();
  const later: Ask[] = [];
  const asked = (what: Ask): void => {
    if (controller.signal.aborted) later.push(what);
    else if (what === at) controller.abort();
  };
  const ended = await enrichOnce(enricher, file, { ...options, signal: controller.signal, asked }).then(
    () => false,
    () => true,
  );
  return { ended, aborted: controller.signal.aborted, later };
}

async function assertCancels(enricher: Enricher, file: Fixture, options: RunOptions): Promise<void> {
  const asked: Ask[] = [];
  const early = enrichOnce(enricher, file, { ...options, signal: AbortSignal.abort(), asked: (what) => asked.push(what) });
  await assert.rejects(early, 'a run whose signal is aborted before it starts has to throw: begin with signal.throwIfAborted()');
  assert.deepEqual(asked, [], 'a run whose signal was aborted before it started went to work all the same');
  for (const at of ['still', 'original', 'put'] as const) {
    const { ended, aborted, later } = await runAborted(enricher, file, options, at);
    assert.deepEqual(later, [], `aborted at its first ${at}, it went on: call signal.throwIfAborted() after every await`);
    if (aborted && at !== 'put') assert.ok(ended, `aborted at its first ${at}, it finished as if nothing had been said`);
  }
}

/** The cases of `testEnricher`, as data: the kit's own tests run them against enrichers that are broken. */
export function enricherCases<C extends z.ZodType>(enricher: Enricher<C>, suite: Suite<C>): Case[] {
  const options: RunOptions = { config: suite.config, inputs: suite.inputs, size: suite.size };
  const once = new Map<Fixture, Promise<Run>>();
  const firstRun = (file: Fixture): Promise<Run> => {
    const run = once.get(file) ?? enrichOnce(enricher, file, options);
    once.set(file, run);
    return run;
  };
  const { accepts: good, rejects: bad = [], golden } = suite;
  return [
    ...good.map((file) => ({
      title: `accepts ${nameOf(file)}`,
      run: async () => assertValid(enricher, await firstRun(file)),
    })),
    ...good.map((file) => ({
      title: `gives the same for ${nameOf(file)} twice`,
      run: async () => assertSame(await firstRun(file), await enrichOnce(enricher, file, options)),
    })),
    ...bad.map(({ file, reason }) => ({
      title: `rejects ${nameOf(file)}`,
      run: () => assertRefused(enricher, file, reason, options),
    })),
    { title: 'ends when it is cancelled', run: () => assertCancels(enricher, good[0], options) },
    ...(golden?.fixtures ?? []).map((file) => ({
      title: `gives the golden result for ${nameOf(file)}`,
      run: async () => golden && compareWithGolden(enricher, golden, file, await firstRun(file)),
    })),
  ];
}
