/** Reads vitest's JSON report, names what was skipped, and prints the closing line. Usage: summary.js REPORT STATUS */
import { readFileSync } from 'node:fs';

const [report, status] = process.argv.slice(2);
const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
const skipped = testResults.flatMap(({ name, assertionResults }) =>
  assertionResults
    .filter((one) => one.status === 'skipped' || one.status === 'pending' || one.status === 'todo')
    .map(({ fullName }) => `${name}: ${fullName}`),
);
// A file that cannot even be loaded has no tests that could fail.
const unloaded = testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
for (const test of skipped) console.error(`skipped, which counts as failed here: ${test}`);
for (const { name } of unloaded) console.error(`cannot be loaded: ${name}`);
const failed = numFailedTests + skipped.length + unloaded.length;
console.log(`${numPassedTests} passed, ${failed} failed`);
process.exitCode = failed > 0 || numPassedTests === 0 || status !== '0' ? 1 : 0;
