import { findProgram } from '../../../src/sandbox/find-program.ts';
import { runCommand } from '../../../src/sandbox/run-command.ts';

/** A Keystone whose programs can be run; no service of it needs to be set up. */
export interface KeystoneInstallation {
  readonly manage: string;
  readonly wsgiPublic: string;
  readonly version: string;
}

/** The Python of the distribution: one that comes before it in PATH cannot import what the distribution ships. */
export const PYTHON = '/usr/bin/python3';

const ASK_VERSION = 'from importlib.metadata import version; print(version("keystone"))';

/** The Keystone of Debian's or Ubuntu's `python3-keystone`. */
export async function findKeystone(
  env: Readonly<Record<string, string | undefined>>,
): Promise<KeystoneInstallation | undefined> {
  const [manage, wsgiPublic] = await Promise.all([
    findProgram('keystone-manage', env),
    findProgram('keystone-wsgi-public', env),
  ]);
  if (manage === undefined || wsgiPublic === undefined) return undefined;
  const { exitCode, stdout } = await runCommand(PYTHON, ['-c', ASK_VERSION]);
  return exitCode === 0 ? { manage, wsgiPublic, version: stdout.trim() } : undefined;
}
