/**
 * How long a directory takes from nothing to seeded, and back to that after a test. Run by `npm run bench`. Prints the
 * medians, and fails where a start takes 300 ms or more, a reset over LDAP 30 ms, or one from a copy 150 ms.
 */
import { performance } from 'node:perf_hooks';
import { findSlapd, openSession } from '../dist/index.js';
import { startKeystoneDirectory } from '../dist/testing/index.js';

const ROUNDS = 15;
const CASES = [
  { release: '2011.3' },
  { release: '2014.2' },
  { release: '2026.1', sample: 'modern' },
  { release: '2026.1', sample: 'modern', tls: true },
];

const slapd = await findSlapd(process.env);
if (slapd === undefined) throw new Error('There is no slapd to measure with.');
for (const options of CASES) {
  const [starts, resets, restarts] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const directory = await timed(starts, () => startKeystoneDirectory({ slapd, ...options }));
    await spoil(directory, directory.bindDn, directory.password, (session) =>
      session.delete(directory.users[0].dn),
    );
    await timed(resets, () => directory.reset());
    await spoil(directory, directory.configDn, directory.configPassword, (session) =>
      session.modify('cn=config', [{ operation: 'replace', attribute: 'olcIdleTimeout', values: ['60'] }]),
    );
    await timed(restarts, () => directory.reset());
    await directory.stop();
  }
  const name = Object.values(options).join(' ');
  report(`${name}, start to seeded`, starts, 300);
  report(`${name}, reset of data`, resets, 30);
  report(`${name}, reset of cn=config`, restarts, 150);
}

async function timed(times, task) {
  const before = performance.now();
  const result = await task();
  times.push(performance.now() - before);
  return result;
}

async function spoil({ uri }, dn, password, task) {
  const session = await openSession({ uri, credentials: { kind: 'simple', dn, password } });
  await task(session);
  await session[Symbol.asyncDispose]();
}

function report(name, times, limit) {
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  console.log(
    `${name}: median ${median.toFixed(0)} ms of ${times.length} (${times[0].toFixed(0)} to ${times.at(-1).toFixed(0)} ms), to be below ${limit} ms`,
  );
  if (median >= limit) process.exitCode = 1;
}
