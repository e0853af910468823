import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';

/** Whom Keystone runs as, as far as the file system is concerned. */
export interface KeystoneUser {
  /** `the user keystone`, `the group keystone` */
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom Keystone runs as on this machine: its usual account, or the owner or the group of keystone.conf, whichever can read
 * that file. `undefined` if only root can, or if we are not root and cannot find out.
 */
export async function findKeystoneUser(conf: string): Promise<KeystoneUser | undefined> {
  if (!isRoot()) return undefined;
  const { uid, gid } = await stat(conf);
  const candidates = [
    await usualAccount(gid),
    // Its other groups are not known, and that of root opens too much.
    { name: `the owner of ${conf}`, uid, gid: gid === 0 ? NOBODY : gid },
    gid === 0 ? undefined : { name: `the group of ${conf}`, uid: NOBODY, gid },
  ];
  for (const one of candidates)
    if (one !== undefined && one.uid !== 0 && (await unreadableFor(one, [conf])).length === 0) return one;
  return undefined;
}

/** Those of the paths that the user cannot read, or, if they are folders, list and enter. The kernel is asked, which knows ACLs. */
export async function unreadableFor(
  { uid, gid }: KeystoneUser,
  paths: readonly string[],
): Promise<readonly string[]> {
  const places = paths.map((path) => resolve(path));
  const output = await run('/bin/sh', ['-c', CAN_READ, 'sh', ...places], { uid, gid });
  if (output === undefined) return [];
  const numbers = new Set(output.split('\n'));
  return paths.filter((_, index) => numbers.has(String(index + 1)));
}

/** Prints the number of each argument that cannot be read. */
const CAN_READ =
  'n=0; for path; do n=$((n+1)); test -r "$path" && { ! test -d "$path" || test -x "$path"; } || echo $n; done';

const NOBODY = 65534;

async function usualAccount(group: number): Promise<KeystoneUser | undefined> {
  const uid = await run('id', ['-u', 'keystone']);
  const gids = (await run('id', ['-G', 'keystone']))?.trim().split(' ').map(Number);
  if (uid === undefined || gids?.[0] === undefined) return undefined;
  return { name: 'the user keystone', uid: Number(uid), gid: gids.includes(group) ? group : gids[0] };
}

function isRoot(): boolean {
  try {
    return userInfo().uid === 0;
  } catch {
    // Somebody without an account.
    return false;
  }
}

function run(
  program: string,
  args: readonly string[],
  user: { readonly uid?: number; readonly gid?: number } = {},
): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(program, args, { ...user, cwd: '/' }, (error, stdout) =>
      done(error === null ? stdout : undefined),
    );
  });
}
