/** What the benches have in common: running programs, medians, and a line for each figure. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, URL } from 'node:url';

/** Fewer entries, for a look; the figures that count are those without. */
export const QUICK = process.env.KEYSTONE_LDAP_BENCH === 'quick' || process.argv.includes('--quick');
export const CLI = fileURLToPath(new URL('../bin/keystone-ldap.js', import.meta.url));

/** Runs a program and returns its seconds; one that fails ends the bench. */
export async function seconds(program, args, { env = {}, input, output } = {}) {
  const before = performance.now();
  const stdio = [input ? openSync(input, 'r') : 'ignore', output ? openSync(output, 'w') : 'ignore', 'pipe'];
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ${args.slice(0, 3).join(' ')} ended with ${code}: ${said}`);
  return (performance.now() - before) / 1000;
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Prints a figure as `bench/run.js` reads it, and remembers when one is missed. */
export function report(work, measured, target, isReached) {
  console.log(`${work}: ${measured}, to be ${target}${isReached ? '' : ' (MISSED)'}`);
  if (!isReached) process.exitCode = 1;
}

/** Who may do everything on a sandbox, as the OpenLDAP tools and as our own are told. */
export function asAdmin(server) {
  return {
    flags: ['-x', '-H', server.uri, '-D', server.bindDn, '-w', server.password.reveal()],
    env: {
      KEYSTONE_LDAP_URI: server.uri,
      KEYSTONE_LDAP_BIND_DN: server.bindDn,
      KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
      KEYSTONE_LDAP_CONFIG_URI: server.ldapiUri,
    },
  };
}

/** A slapd as the packages set it up: it waits for the disk at each write. */
export const DEFAULTS = { tuning: { database: { olcDbNoSync: ['FALSE'] } } };
