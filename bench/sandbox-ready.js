/**
 * How long a throw-away OpenLDAP takes until it answers a bind, slapd being found already. Run by `npm run bench`.
 * Prints the median of the starts, and fails where it is 100 ms or more.
 */
import { performance } from 'node:perf_hooks';
import { findSlapd, startSandbox } from '../dist/index.js';

const STARTS = 21;
const LIMIT_MS = 100;

const slapd = await findSlapd(process.env);
if (slapd === undefined) throw new Error('There is no slapd to measure with.');
const times = [];
for (let start = 0; start < STARTS; start += 1) {
  const before = performance.now();
  const sandbox = await startSandbox({ slapd });
  times.push(performance.now() - before);
  await sandbox.stop();
}
times.sort((a, b) => a - b);
const median = times[Math.floor(STARTS / 2)];
const [fastest, slowest] = [times[0], times.at(-1)];
console.log(
  `sandbox ready: median ${median.toFixed(0)} ms of ${STARTS} starts (${fastest.toFixed(0)} to ${slowest.toFixed(0)} ms), to be below ${LIMIT_MS} ms`,
);
process.exitCode = median < LIMIT_MS ? 0 : 1;
