import { randomUUID } from 'node:crypto';
import { lstat, readdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { kill, pid } from 'node:process';
import { fileURLToPath } from 'node:url';
import { LIMITS, readPath, readWhole } from './bounded-input.ts';
import { KeystoneLdapError } from './errors.ts';
import { codeOf, unreadable, unwritable } from './file-faults.ts';
import { strictSecret, strictText } from './strict-text.ts';

/** The path of a file that ships with the package, e.g. `packageFile('schema/keystone/blog/keystone.schema')`. */
export function packageFile(relativePath: string): string {
  return fileURLToPath(new URL(`../${relativePath}`, import.meta.url));
}

/**
 * Reads a file's bytes; a missing file is `undefined`.
 * @throws `FILE_UNREADABLE` for every other reason: only ENOENT is absence. `TIMEOUT` and `CANCELLED` for a pipe
 */
export async function readBytesIfPresent(
  path: string,
  most: number = LIMITS.whole,
): Promise<Buffer | undefined> {
  try {
    return await readWhole(readPath(path, most), path, most);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw readFault(path, error);
  }
}

/** The number of a descriptor of this process that a path names, such as 1 for `/dev/stdout`. */
export function descriptorOf(path: string): number | undefined {
  const name = /^\/(?:dev\/(?:fd\/)?|proc\/self\/fd\/)(\d+|stdout|stderr)$/.exec(path)?.[1];
  if (name === undefined) return undefined;
  return name === 'stdout' ? 1 : name === 'stderr' ? 2 : Number(name);
}

/**
 * The bytes of a file that is about to be replaced.
 * @throws `FILE_UNWRITABLE` for what cannot be replaced: a device, a pipe, an open descriptor; as {@link readBytesIfPresent}
 */
export async function readReplaceable(path: string, most?: number): Promise<Buffer | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (descriptorOf(path) !== undefined || (status !== undefined && !status.isFile()))
    throw unwritable(`write ${path}`, 'it is not a file that can be replaced');
  return await readBytesIfPresent(path, most);
}

/** The file's bytes piece by piece, from the start each time. @throws `FILE_UNREADABLE`, also where it does not exist */
export async function* readChunks(path: string): AsyncGenerator<Buffer> {
  try {
    yield* readPath(path);
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) && codeOf(error) === undefined) throw error;
    throw readFault(path, error);
  }
}

function readFault(path: string, error: unknown): KeystoneLdapError {
  return error instanceof KeystoneLdapError ? error : unreadable(path, error);
}

/** The file that a path leads to. */
export async function realpathIfPresent(path: string): Promise<string | undefined> {
  return await realpath(path).catch(() => undefined);
}

/** @throws `FILE_UNREADABLE`, also where the file does not exist. */
async function readBytes(path: string, most?: number): Promise<Buffer> {
  const bytes = await readBytesIfPresent(path, most);
  if (bytes !== undefined) return bytes;
  throw new KeystoneLdapError('FILE_UNREADABLE', `Cannot read ${path}: there is no such file.`);
}

/** The file as {@link strictText}. @throws `FILE_UNREADABLE`, `INPUT_INVALID` */
export async function readText(path: string): Promise<string> {
  return strictText(await readBytes(path), path);
}

/** The password in a file as {@link strictSecret}. @throws `FILE_UNREADABLE`, `INPUT_INVALID` */
export async function readSecretText(path: string): Promise<string> {
  return strictSecret(await readBytes(path, LIMITS.secret), path);
}

/**
 * The files in a folder and all folders below it, by their paths from there, sorted; `undefined` where there is no such
 * folder. @throws `FILE_UNREADABLE`
 */
export async function filesBelow(folder: string): Promise<readonly string[] | undefined> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(folder, error);
  }
}

/** Whose it is, and who may do what. */
export async function ownershipOf(
  path: string,
): Promise<{ readonly uid: number; readonly gid: number; readonly mode: number }> {
  const { uid, gid, mode } = await stat(path);
  return { uid, gid, mode };
}

/** The permission bits of a file that is there. */
export async function permissionsOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

/** How many names a file that exists has. */
export async function hardLinksOf(path: string): Promise<number> {
  return (await stat(path)).nlink;
}

/** The names in a folder, in their order; a folder that cannot be read has none. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).toSorted();
}

/** The folder itself, or the closest one above it that exists. */
export async function existingFolder(path: string): Promise<string> {
  const folder = resolve(path);
  const isThere = await lstat(folder).then(
    () => true,
    (error: unknown) => codeOf(error) !== 'ENOENT',
  );
  return isThere ? folder : await existingFolder(dirname(folder));
}

/** A new file next to the one that it will replace. It may hold a password, so that a killed run must not leave it forever. */
export function temporaryPath(folder: string): string {
  return join(folder, `.keystone-ldap.${pid}.${randomUUID()}.tmp`);
}

/** Removes the temporary files, and folders, of processes that do not run any more. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    const owner = /^\.keystone-ldap\.(\d+)\.[\da-f-]{36}\.tmp$/.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner)))
      await rm(join(folder, name), { force: true, recursive: true });
  }
}

function isRunning(id: number): boolean {
  try {
    return kill(id, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}
