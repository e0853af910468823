import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

/** Debian's python3-keystone belongs to this interpreter, which need not be the first on PATH. */
const PYTHON = '/usr/bin/python3';

/**
 * A `describe` for tests that ask the oslo.config and the options of an installed Keystone. Where there is none they
 * are skipped, saying so, unless REQUIRE_KEYSTONE=1.
 */
export function describeKeystone(name: string, suite: () => void): void {
  const { status } = spawnSync(PYTHON, ['-c', 'import keystone.conf, keystone.identity.backends.ldap']);
  const found = status === 0;
  if (!found && process.env['REQUIRE_KEYSTONE'] === '1')
    throw new Error(
      `REQUIRE_KEYSTONE=1, but ${PYTHON} cannot import Keystone: install python3-keystone and python3-ldap.`,
    );
  if (!found) process.stderr.write(`keystone: ${name}: skipped, ${PYTHON} cannot import Keystone\n`);
  describe.runIf(found)(name, suite);
}

/** What the script prints as JSON; `input` is given to it as JSON. */
export function runPython(script: string, input: unknown): unknown {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${PYTHON} failed: ${stderr}`);
  return JSON.parse(stdout);
}
