import type { z } from 'zod';
import type { Enricher } from './enricher.ts';
import { enricherCases, type Suite } from './testkit/cases.ts';

export type { Tolerance } from './testkit/compare.ts';
export type { Fixture } from './testkit/fixture.ts';
export type { Golden } from './testkit/golden.ts';
export { pictures, readable, unreadable } from './testkit/pictures.ts';
export { enrichOnce, type Run, type RunOptions } from './testkit/run.ts';
export { enricherCases, type Suite } from './testkit/cases.ts';

/**
 * Registers, with the describe and it of jest or of node:test, whichever runs the file, what every enricher has to keep: it gives valid outputs for the files it accepts,
 * and the same ones twice; it refuses others with a PermanentError that a person can read; it ends when it is cancelled; and
 * its results stay near the golden ones.
 */
export function testEnricher<C extends z.ZodType>(enricher: Enricher<C>, suite: Suite<C>): void {
  const runner = typeof describe === 'function' ? { describe, it } : process.getBuiltinModule('node:test');
  void runner.describe(`enricher ${enricher.name}`, () => {
    for (const { title, run } of enricherCases(enricher, suite)) void runner.it(title, run);
  });
}
