import type { Stats } from 'node:fs';
import { chmod, link, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LIMITS } from '../../bounded-input.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { codeOf, unwritable } from '../../file-faults.ts';
import { readBytesIfPresent, removeAbandoned, temporaryPath } from '../../files.ts';
import { copyRights, createFoldersFor, removeFolders, RightsLost } from './file-rights.ts';

export interface ReplaceOptions {
  /** The bytes that the change was made from; `undefined` where no file may be there yet. */
  readonly expected: Buffer | undefined;
  /** Whether to keep the previous file beside it, as `<name>.<number>.bak`. */
  readonly backup: boolean;
  /** Where to keep it, if not beside the file. */
  readonly backupFolder?: string;
  /** Takes the rights of others away from a file that is there; a new one gives them none anyway. */
  readonly ownerOnly?: boolean;
  /** A new file, and the folders that it needs, are for the readers of this one. */
  readonly like?: string | undefined;
}

export interface ReplacedFile {
  /** The file itself, where `path` was a symbolic link. */
  readonly path: string;
  readonly backup?: string;
}

/**
 * Puts these bytes in the place of the file in one step: whoever reads it sees the old file or the new one, also
 * after a crash. Owner, group, mode, ACL and extended attributes stay; a new file is for its owner only, because it holds
 * a password. On an error nothing has changed and nothing is left behind.
 * @throws `STALE_PLAN` where the file is no longer what was expected, `FILE_UNWRITABLE`, `FILE_UNREADABLE`
 */
export async function replaceFile(
  path: string,
  bytes: Buffer,
  options: ReplaceOptions,
): Promise<ReplacedFile> {
  const made: string[] = [];
  let folders: readonly string[] = [];
  try {
    if (options.like !== undefined) folders = await createFoldersFor(options.like, dirname(resolve(path)));
    const target = await targetOf(path);
    const before = await writableStatus(target);
    await requireUnchanged(path, target, options.expected);
    if (options.expected?.equals(bytes) === true && hasRights(before, options)) return { path: target };
    const rights = {
      like: before === undefined ? options.like : target,
      ownerOnly: options.ownerOnly === true,
    };
    await removeAbandoned(dirname(target));
    const temporary = await writeNew(temporaryPath(dirname(target)), bytes, rights);
    made.push(temporary);
    const backup = options.backup
      ? await writeBackup(backupPath(target, options), options.expected, rights)
      : undefined;
    if (backup !== undefined) made.push(backup);
    await requireUnchanged(path, target, options.expected);
    await rename(temporary, target);
    made.length = 0;
    folders = [];
    await syncFolder(dirname(target));
    return backup === undefined ? { path: target } : { path: target, backup };
  } catch (error) {
    await Promise.allSettled(made.map((leftover) => rm(leftover)));
    await removeFolders(folders);
    throw error instanceof KeystoneLdapError ? error : unwritableFile(path, error);
  }
}

/**
 * Takes a file away that holds these bytes, and keeps them as its backup.
 * @throws `STALE_PLAN` where it holds others, `FILE_UNWRITABLE`, `FILE_UNREADABLE`
 */
export async function removeFile(
  path: string,
  { expected, backupFolder }: { readonly expected: Buffer; readonly backupFolder: string },
): Promise<ReplacedFile> {
  try {
    await requireUnchanged(path, path, expected);
    const target = backupPath(path, { expected, backup: true, backupFolder });
    const backup = await writeBackup(target, expected, { like: path, ownerOnly: false });
    await rm(path);
    await syncFolder(dirname(path));
    return backup === undefined ? { path } : { path, backup };
  } catch (error) {
    throw error instanceof KeystoneLdapError ? error : unwritableFile(path, error);
  }
}

/** Where the bytes really go: a symbolic link stays one. */
async function targetOf(path: string): Promise<string> {
  if (await exists(path)) return realpath(path);
  return join(await realpath(dirname(resolve(path))), basename(path));
}

/** Whether something has this name, if only a symbolic link that leads nowhere. */
async function exists(path: string): Promise<boolean> {
  const status = await lstat(path).catch(absence);
  return status !== undefined;
}

/**
 * A rename needs no right to write the file itself, but who took that right away meant it. Opening asks for the right
 * of the effective user; access(2) would ask for that of the real one.
 */
async function writableStatus(target: string): Promise<Stats | undefined> {
  const status = await stat(target).catch(absence);
  if (status === undefined) return undefined;
  if (!status.isFile()) throw unwritableFile(target, 'it is no regular file');
  await (await open(target, 'r+')).close();
  return status;
}

function hasRights(status: Stats | undefined, { ownerOnly = false }: ReplaceOptions): boolean {
  return !ownerOnly || ((status?.mode ?? 0) & 0o077) === 0;
}

async function requireUnchanged(path: string, target: string, expected: Buffer | undefined): Promise<void> {
  const found = await readBytesIfPresent(target, LIMITS.plan);
  const unchanged = found === undefined ? expected === undefined : expected?.equals(found) === true;
  if (unchanged) return;
  throw new KeystoneLdapError('STALE_PLAN', `${path} has changed since it was read.`, {
    hint: 'Run the command again: it plans anew.',
  });
}

function backupPath(target: string, { backupFolder }: ReplaceOptions): string {
  return backupFolder === undefined ? target : join(backupFolder, basename(target));
}

/** Whole or not at all: one that a kill has cut off would look like a backup. */
async function writeBackup(
  target: string,
  bytes: Buffer | undefined,
  rights: Rights,
): Promise<string | undefined> {
  if (bytes === undefined) return undefined;
  await removeAbandoned(dirname(target));
  const temporary = await writeNew(temporaryPath(dirname(target)), bytes, rights);
  try {
    for (let number = 1; ; number++) {
      const path = `${target}.${number}.bak`;
      try {
        await link(temporary, path).catch(async (error: unknown) => {
          if (!NO_LINKS.has(codeOf(error))) throw error;
          await writeNew(path, bytes, rights);
        });
        return path;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
    }
  } finally {
    await rm(temporary);
  }
}

/** What file systems without hard links answer. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

interface Rights {
  /** The file whose readers may read this one, too. */
  readonly like: string | undefined;
  readonly ownerOnly: boolean;
}

/** A new file with the rights of another; it has them before it has any content. */
async function writeNew(path: string, bytes: Buffer, { like, ownerOnly }: Rights): Promise<string> {
  const file = await open(path, 'wx', 0o600);
  try {
    if (like !== undefined) await copyRights(like, path);
    if (ownerOnly) await chmod(path, (await file.stat()).mode & 0o700);
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await rm(path);
    throw error;
  } finally {
    await file.close();
  }
  return path;
}

/** Makes the rename last through a crash. Some file systems cannot sync a folder: then it lasts a little later. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function absence(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function unwritableFile(path: string, reason: unknown): KeystoneLdapError {
  if (reason instanceof RightsLost)
    return unwritable(
      `write ${path}`,
      `its owner, mode, ACL and attributes cannot be kept: ${reason.message}`,
      {
        hint: 'Run this as root, or write another file with -o and put it in place yourself.',
      },
    );
  return unwritable(`write ${path}`, reason, { faults: FAULTS });
}

const FAULTS = {
  EBUSY: 'it is mounted as a file of its own and cannot be replaced',
  ENAMETOOLONG: 'its name, or that of its backup, is too long',
  ENOENT: 'there is no such directory, or it is a symbolic link to nothing',
  EPERM: 'it is immutable, or its owner and group cannot be kept by this user',
};
