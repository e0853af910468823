import { findProgram } from '../../../src/sandbox/find-program.ts';
import { lastLines, runCommand } from '../../../src/sandbox/run-command.ts';

/** A Keystone whose programs can be run; no service of it needs to be set up. */
export interface KeystoneInstallation {
  readonly manage: string;
  readonly wsgiPublic: string;
  readonly version: string;
}

/** The Python of the distribution: one that comes before it in PATH cannot import what the distribution ships. */
export const PYTHON = '/usr/bin/python3';

/** Its LDAP driver imports what package managers leave to choice. */
const TRY =
  'import importlib.metadata, keystone.identity.backends.ldap; print(importlib.metadata.version("keystone"))';

/** The Keystone of Debian's or Ubuntu's `python3-keystone`, or why there is none that runs. */
export async function findKeystone(
  env: Readonly<Record<string, string | undefined>>,
): Promise<KeystoneInstallation | string> {
  const [manage, wsgiPublic] = await Promise.all([
    findProgram('keystone-manage', env),
    findProgram('keystone-wsgi-public', env),
  ]);
  if (manage === undefined || wsgiPublic === undefined)
    return 'keystone-manage and keystone-wsgi-public are not in PATH';
  const { exitCode, stdout, stderr } = await runCommand(PYTHON, ['-c', TRY]);
  if (exitCode !== 0) return `${PYTHON}: ${lastLines(stderr, 1)}`;
  return { manage, wsgiPublic, version: stdout.trim() };
}
