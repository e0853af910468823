import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readBytesIfPresent } from '../files.ts';
import type { WrittenFile } from './journal.ts';
import { fileDigest } from './record-of-file.ts';

/** A file as it is and as it shall be again; `undefined` where there is to be none. */
export interface FileUndo {
  readonly path: string;
  readonly from: Buffer | undefined;
  readonly to: Buffer | undefined;
  readonly backupFolder: string;
  /** The backup that the bytes are from, whose rights a file that is gone gets again. */
  readonly like?: string;
}

export type FileOutcome =
  { readonly undo: readonly FileUndo[] } | { readonly problem: string } | { readonly remains: string };

/** How a file comes back: its bytes are in the backup that has their digest, whatever its number. */
export async function planFileUndo({ path, before, after, backup }: WrittenFile): Promise<FileOutcome> {
  const from = await readBytesIfPresent(path);
  const now = from && fileDigest(from);
  if (now === before) return { undo: [] };
  if (now !== after) return { problem: `${path} has been changed since it was written` };
  const backupFolder = dirname(backup ?? path);
  if (before === undefined) return { undo: [{ path, from, to: undefined, backupFolder }] };
  const to = backup === undefined ? undefined : await findBackup(backup, before);
  if (to !== undefined) return { undo: [{ path, from, to: to.bytes, like: to.path, backupFolder }] };
  return {
    remains:
      backup === undefined
        ? `${path} stays as it is: no backup of the file before was kept.`
        : `${path} stays as it is: none of ${backup}.*.bak is the file before any more.`,
  };
}

async function findBackup(
  backup: string,
  digest: string,
): Promise<{ readonly path: string; readonly bytes: Buffer } | undefined> {
  const names = await readdir(dirname(backup)).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(`${basename(backup)}.`) && one.endsWith('.bak'))) {
    const path = join(dirname(backup), name);
    const bytes = await readBytesIfPresent(path);
    if (bytes !== undefined && fileDigest(bytes) === digest) return { path, bytes };
  }
  return undefined;
}
