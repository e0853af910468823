import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLines, runCommand } from './run-command.ts';
import { slapdFailed } from './slapd-failed.ts';
import type { SlapdInstallation } from './slapd-installation.ts';

export interface SlapaddOptions {
  readonly dir: string;
  /** The name of the LDIF file in `dir`, which an error names. */
  readonly file: string;
  readonly ldif: string;
  /** Which database: `-n 0` (cn=config) or `-b SUFFIX`. */
  readonly database: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads LDIF offline, into the configuration folder `dir/slapd.d` or a database that it names. Without `-q`: it saves
 * nothing in cn=config, and with it slapd 2.6.14 takes the object classes of core.ldif for attribute types.
 * @throws `SLAPD_FAILED` with what slapadd says
 */
export async function slapadd(installation: SlapdInstallation, options: SlapaddOptions): Promise<void> {
  const { dir, file, ldif, database, signal } = options;
  const path = join(dir, file);
  await writeFile(path, ldif, { mode: 0o600 });
  const args = ['-Tadd', ...database, '-F', join(dir, 'slapd.d'), '-l', path];
  const { exitCode, stderr } = await runCommand(installation.slapd, args, { env: installation.env, signal });
  if (exitCode !== 0) throw slapdFailed(installation, `it refuses ${file}:\n${lastLines(stderr, 6)}`);
}
