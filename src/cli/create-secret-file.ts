import { randomUUID } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KeystoneLdapError } from '../errors.ts';
import type { Secret } from '../secret.ts';

/**
 * Makes a file with a secret that only its owner may read. It appears whole or not at all, and never in the place of
 * another.
 * @throws `FILE_UNWRITABLE`
 */
export async function createSecretFile(path: string, secret: Secret): Promise<void> {
  const temporary = join(dirname(path), `.keystone-ldap.${randomUUID()}.tmp`);
  try {
    await writeSecret(temporary, secret);
    // Unlike a rename, a link fails where the name is taken.
    await link(temporary, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new KeystoneLdapError('FILE_UNWRITABLE', `Cannot create ${path}: ${FAULTS[code] ?? code}.`, {
      cause: error,
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeSecret(path: string, secret: Secret): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    // A umask can only take away from the mode, to the point of the owner's own right.
    await file.chmod(0o600);
    await file.writeFile(`${secret.reveal()}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'it exists',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a directory',
  EPERM: 'the file system knows no hard links, which keep it from being written over',
  EROFS: 'the file system is read-only',
};
