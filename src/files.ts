import { readFile, realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { KeystoneLdapError } from './errors.ts';

/** The path of a file that ships with the package, e.g. `packageFile('schema/keystone/blog/keystone.schema')`. */
export function packageFile(relativePath: string): string {
  return fileURLToPath(new URL(`../${relativePath}`, import.meta.url));
}

/**
 * Reads a file's bytes; a missing file is `undefined`.
 * @throws `FILE_UNREADABLE` for every other reason: only ENOENT is absence.
 */
export async function readBytesIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT') return undefined;
    throw new KeystoneLdapError('FILE_UNREADABLE', `Cannot read ${path}: ${READ_FAULTS[code] ?? code}.`, {
      cause: error,
    });
  }
}

/** The file that a path leads to. */
export async function realpathIfPresent(path: string): Promise<string | undefined> {
  return await realpath(path).catch(() => undefined);
}

/** @throws `FILE_UNREADABLE`, also where the file does not exist. */
async function readBytes(path: string): Promise<Buffer> {
  const bytes = await readBytesIfPresent(path);
  if (bytes !== undefined) return bytes;
  throw new KeystoneLdapError('FILE_UNREADABLE', `Cannot read ${path}: there is no such file.`);
}

/** The file as UTF-8 text. @throws `FILE_UNREADABLE` */
export async function readText(path: string): Promise<string> {
  return (await readBytes(path)).toString('utf8');
}

const READ_FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
};
