import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { realpathIfPresent } from '../files.ts';
import type { WrittenFile } from './journal.ts';

/** What the journal keeps of a file that is replaced: digests, since keystone.conf holds a password. */
export async function recordOfFile(
  path: string,
  { before, after }: { readonly before: Buffer | undefined; readonly after: Buffer | undefined },
  backup?: { readonly folder?: string | undefined },
): Promise<WrittenFile> {
  // A symbolic link stays one; what it leads to is replaced, and kept beside that.
  const target = (await realpathIfPresent(path)) ?? resolve(path);
  return {
    kind: 'file',
    path: target,
    before: before && fileDigest(before),
    after: after && fileDigest(after),
    backup: backup && join(resolve(backup.folder ?? dirname(target)), basename(target)),
  };
}

export function fileDigest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
