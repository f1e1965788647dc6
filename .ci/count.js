// Reads what jest wrote about a run, and refuses a run that leaves something out: `count.js <part> <file> <least>`.
// Says the numbers of the part; its last line is "<passed> <failed>", for the script that adds them up.
import { readFileSync } from 'node:fs';

const [part, file, least] = process.argv.slice(2);
const run = JSON.parse(readFileSync(file, 'utf8'));
// A file that does not load has no tests to fail.
const failed = run.numFailedTests + run.numRuntimeErrorTestSuites;

const refusals = [];
const refuseIf = (isSo, why) => {
  if (isSo) refusals.push(`${part}: ${why}`);
};
// A focused test (`only`) shows as the skipped ones beside it.
refuseIf(
  run.numPendingTests > 0,
  `${run.numPendingTests} tests were skipped, or passed over for a focused one`,
);
refuseIf(run.numTodoTests > 0, `${run.numTodoTests} tests are still to be written`);
for (const { name, status, assertionResults } of run.testResults) {
  refuseIf(assertionResults.length === 0 && status !== 'failed', `${name} has no test`);
}
const ran = run.numPassedTests + run.numFailedTests;
const floor = Number(least);
refuseIf(!(floor > 0), `.ci/run gives it no floor, but "${least}"`);
refuseIf(ran < floor, `${ran} tests ran; .ci/run expects at least ${least}`);

for (const refusal of refusals) console.log(refusal);
// Named once more at the end of the run, where a long log is read first.
for (const { name, status, assertionResults } of run.testResults) {
  if (status === 'failed' && assertionResults.length === 0) console.log(`${part}: did not load: ${name}`);
  for (const test of assertionResults) {
    if (test.status === 'failed') console.log(`${part}: failed: ${name}: ${test.fullName}`);
  }
}
console.log(
  `${part}: ${run.numPassedTests} tests passed, ${run.numFailedTests} failed, ${run.numPendingTests} skipped, ` +
    `${run.numTodoTests} to do, in ${run.numTotalTestSuites} files of which ${run.numRuntimeErrorTestSuites} did not load`,
);
console.log(`${run.numPassedTests} ${failed + refusals.length}`);
