import { writeFile } from 'node:fs/promises';
import { KeystoneLdapError } from '../errors.ts';

/**
 * Writes the file that `-o` names.
 * @throws `FILE_UNWRITABLE`
 */
export async function writeResult(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new KeystoneLdapError(
      'FILE_UNWRITABLE',
      `Cannot write ${path}: ${FAULTS[code] ?? String(error)}.`,
      {
        cause: error,
      },
    );
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'its folder does not exist',
  EISDIR: 'it is a directory',
  ENOSPC: 'the disk is full',
};
