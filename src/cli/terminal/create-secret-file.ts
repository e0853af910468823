import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unwritable } from '../../file-faults.ts';
import { temporaryPath } from '../../files.ts';
import type { Secret } from '../../secret.ts';

/**
 * Makes a file with a secret that only its owner may read. It appears whole or not at all, and never in the place of
 * another.
 * @throws `FILE_UNWRITABLE`
 */
export async function createSecretFile(path: string, secret: Secret): Promise<void> {
  const temporary = temporaryPath(dirname(path));
  try {
    await writeSecret(temporary, secret);
    // Unlike a rename, a link fails where the name is taken.
    await link(temporary, path);
  } catch (error) {
    throw unwritable(`create ${path}`, error, { faults: FAULTS });
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

/** Of making a hard link. */
const FAULTS = { EPERM: 'the file system knows no hard links, which keep it from being written over' };
