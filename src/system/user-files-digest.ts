import { createHash } from 'node:crypto';
import { KeystoneLdapError } from '../errors.ts';
import { readChunks } from '../files.ts';
import { isUserFile } from '../identities/users/user-file.ts';
import type { StreamedUsers } from './identity-part.ts';

/** Of the bytes of those files that hold users only: they are read once to plan, and again to write. */
export async function userFilesDigest(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files)
    if (isUserFile(file)) for await (const chunk of readChunks(file)) hash.update(chunk);
  return hash.digest('hex');
}

/** What is to be done is known of each user by its place. @throws `STALE_PLAN` */
export async function requireSameUsers(
  { facts, target }: StreamedUsers,
  files: readonly string[],
): Promise<void> {
  if ((await userFilesDigest(files)) === facts.files) return;
  throw new KeystoneLdapError(
    'STALE_PLAN',
    `${target.source.subject} changed after the plan was made; nothing was written.`,
    { hint: 'Run the same command again.' },
  );
}
