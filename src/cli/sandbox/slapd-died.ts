import { KeystoneLdapError } from '../../errors.ts';
import { lastLines } from '../../sandbox/run-command.ts';
import type { Sandbox } from '../../sandbox/start-sandbox.ts';

/** `SLAPD_FAILED` for a server that ended before it was told to. */
export function slapdDied(sandbox: Sandbox, exitCode: number | null): KeystoneLdapError {
  const how = exitCode === null ? 'was killed' : `ended by itself with exit code ${exitCode}`;
  return new KeystoneLdapError(
    'SLAPD_FAILED',
    `slapd of the sandbox ${how}; it said:\n${lastLines(sandbox.logs())}`,
  );
}
