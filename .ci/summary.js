/** Reads vitest's JSON reports, names what was skipped, and prints the closing line. Usage: summary.js STATUS REPORT… */
import { readFileSync } from 'node:fs';

const [status, ...files] = process.argv.slice(2);
const reports = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
const total = (count) => reports.reduce((sum, report) => sum + report[count], 0);
const testResults = reports.flatMap((report) => report.testResults);
const skipped = testResults.flatMap(({ name, assertionResults }) =>
  assertionResults
    .filter((one) => one.status === 'skipped' || one.status === 'pending' || one.status === 'todo')
    .map(({ fullName }) => `${name}: ${fullName}`),
);
// A file that cannot even be loaded has no tests that could fail.
const unloaded = testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
for (const test of skipped) console.error(`skipped, which counts as failed here: ${test}`);
for (const { name } of unloaded) console.error(`cannot be loaded: ${name}`);
const failed = total('numFailedTests') + skipped.length + unloaded.length;
const passed = total('numPassedTests');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 || status !== '0' ? 1 : 0;
