import { chmod, mkdir, mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Report } from '../../doctor/reproduce/report.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { codeOf } from '../../file-faults.ts';

/** @throws `FILE_UNWRITABLE` if the folder exists and holds something: a report is never mixed with other files */
export async function requireEmptyFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw unwritable(folder, 'it is not a folder that can be read', error);
  });
  if (names.length > 0) throw unwritable(folder, 'it exists and is not empty');
}

/** Writes all files or none: the folder appears in one rename. */
export async function writeReport(folder: string, files: Report['files']): Promise<void> {
  await requireEmptyFolder(folder);
  const parent = dirname(resolve(folder));
  await mkdir(parent, { recursive: true });
  const draft = await mkdtemp(join(parent, '.keystone-ldap-report-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(draft, name), text);
    await chmod(join(draft, 'run.sh'), 0o755);
    await rmdir(folder).catch(() => undefined);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw unwritable(folder, 'it cannot be made', error);
  }
}

function unwritable(folder: string, why: string, cause?: unknown): KeystoneLdapError {
  return new KeystoneLdapError('FILE_UNWRITABLE', `Cannot write the report to ${folder}: ${why}.`, {
    cause,
    hint: 'Name a folder that does not exist yet.',
  });
}
