/**
 * Reads vitest's JSON reports, names what was skipped, and prints the closing line. Usage: summary.js STATUS REPORT…
 * A skipped test counts as failed, but not in fresh-machine.json, the report of the fresh machine: tests are skipped
 * there for just what fresh-machine-lacks.json lists.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const EXPECTED_LACKS = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fresh-machine-lacks.json'), 'utf8'),
);

const [status, ...files] = process.argv.slice(2);
const reports = files.map((file) => ({ file, ...JSON.parse(readFileSync(file, 'utf8')) }));
const isFresh = ({ file }) => basename(file) === 'fresh-machine.json';
const total = (count) => reports.reduce((sum, report) => sum + report[count], 0);
const faults = reports.flatMap((report) => [
  ...unexpectedlySkipped(report),
  ...unloaded(report),
  ...(isFresh(report) ? lackFaults(report) : []),
]);
const hasFailed = total('numFailedTests') + faults.length > 0;
if (status !== '0' && !hasFailed) faults.push(`a step of the gate ended with exit code ${status}`);
for (const fault of faults) console.error(fault);
const failed = total('numFailedTests') + faults.length;
const passed = total('numPassedTests');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 || status !== '0' ? 1 : 0;

function skippedTests({ testResults }) {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter((one) => one.status === 'skipped' || one.status === 'pending' || one.status === 'todo')
      .map(({ fullName, meta }) => ({ name: `${name}: ${fullName}`, lacks: Object.keys(meta?.lacks ?? {}) })),
  );
}

function unexpectedlySkipped(report) {
  return skippedTests(report)
    .filter(({ lacks }) => !isFresh(report) || lacks.length === 0)
    .map(({ name }) => `skipped, which counts as failed here: ${name}`);
}

/** A file that cannot even be loaded has no tests that could fail. */
function unloaded({ testResults }) {
  return testResults
    .filter((one) => one.status === 'failed' && one.assertionResults.length === 0)
    .map(({ name }) => `cannot be loaded: ${name}`);
}

function lackFaults(report) {
  const lacks = new Set(skippedTests(report).flatMap((test) => test.lacks));
  return [
    ...[...lacks]
      .filter((need) => !EXPECTED_LACKS.includes(need))
      .map((need) => `a fresh machine lacks ${need}, and tests are skipped for it`),
    ...EXPECTED_LACKS.filter((need) => !lacks.has(need)).map(
      (need) => `no test is skipped for ${need} on a fresh machine`,
    ),
  ];
}
