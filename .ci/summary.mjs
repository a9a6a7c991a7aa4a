// node .ci/summary.mjs REPORT [FAILED STEP…]: says "N passed, N failed, N skipped" from jest's JSON report, and ends with 1 if anything
// failed. A suite that could not run, and a step of .ci/run other than the tests, count as one failure each: the line is never
// greener than the run.
import { readFileSync } from 'node:fs';

const [file, ...failedSteps] = process.argv.slice(2);

function readReport() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

const report = readReport();
const passed = report?.numPassedTests ?? 0;
const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
const inTests = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
const steps = failedSteps.filter((step) => step !== 'tests');
// Without a report, or where jest failed for another reason than a test, the step itself is what failed.
const testsFailed = failedSteps.includes('tests') && inTests === 0 ? 1 : 0;
const neverRan = !report && failedSteps.length === 0 ? 1 : 0;
const failed = inTests + steps.length + testsFailed + neverRan;

// A test that is skipped says why in its title, or in that of the group it stands in.
const pending = (report?.testResults ?? [])
  .flatMap(({ assertionResults = [] }) => assertionResults)
  .filter(({ status }) => status === 'pending');
for (const { fullName } of pending) console.log(`skipped: ${fullName}`);
if (failedSteps.length) console.log(`Failed: ${failedSteps.join(', ')}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
