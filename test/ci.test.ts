import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vitrail-ci-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
}

/** The last line and the status of a run of .ci/run with these failed steps, and with this report where jest wrote one. */
function summary(failedSteps: string[], report?: Partial<Report>) {
  const file = join(folder, 'report.json');
  const none: Report = {
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
  };
  writeFileSync(file, report ? JSON.stringify({ ...none, ...report }) : '');
  const script = join(import.meta.dirname, '..', '.ci', 'summary.mjs');
  const { stdout, status } = spawnSync('node', [script, file, ...failedSteps], { encoding: 'utf8' });
  return { line: stdout.trimEnd().split('\n').at(-1), status };
}

describe('the summary of .ci/run', () => {
  it('counts the tests of jest’s report', () => {
    expect(summary([], { numPassedTests: 12, numPendingTests: 2, numTodoTests: 1 })).toEqual({
      line: '12 passed, 0 failed, 3 skipped',
      status: 0,
    });
  });

  it.each<[string, string[], Partial<Report> | undefined, string]>([
    ['a failed test', ['tests'], { numPassedTests: 5, numFailedTests: 2 }, '5 passed, 2 failed, 0 skipped'],
    [
      'a suite that could not run',
      ['tests'],
      { numPassedTests: 5, numRuntimeErrorTestSuites: 1 },
      '5 passed, 1 failed, 0 skipped',
    ],
    ['a lint error beside green tests', ['lint'], { numPassedTests: 5 }, '5 passed, 1 failed, 0 skipped'],
    ['jest failing beside green tests', ['tests'], { numPassedTests: 5 }, '5 passed, 1 failed, 0 skipped'],
    ['an install that failed', ['install'], undefined, '0 passed, 1 failed, 0 skipped'],
    ['a report that never came', [], undefined, '0 passed, 1 failed, 0 skipped'],
  ])('is not green after %s', (_what, failedSteps, report, line) => {
    expect(summary(failedSteps, report)).toEqual({ line, status: 1 });
  });
});
