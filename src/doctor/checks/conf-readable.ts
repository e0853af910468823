import { ownershipOf, permissionsOf } from '../../files.ts';
import { shellWord } from '../../shell-word.ts';
import { findKeystoneUser, type KeystoneUser } from '../keystone-user.ts';
import type { FilesCheck } from './check.ts';

const OTHERS_READ = 0o004;

/** The files hold the password of Keystone's account. */
export const confReadable: FilesCheck = async function* ({ mainPaths, domains }) {
  const paths = [...mainPaths, ...(domains?.files ?? []).map(({ path }) => path)];
  const user = await findKeystoneUser(mainPaths[0] ?? '');
  for (const path of paths)
    if (((await permissionsOf(path)) & OTHERS_READ) !== 0)
      yield {
        code: 'CONF_READABLE',
        severity: 'warning',
        subject: path,
        message:
          'everybody on this machine can read it, and the password of the LDAP account in it; Keystone does not mind',
        remedy: await remedyFor(path, user),
      };
};

/** Whom only the rights of everybody let read the file must get rights of its own first. */
async function remedyFor(path: string, user: KeystoneUser | undefined): Promise<string> {
  const { uid, gid, mode } = await ownershipOf(path);
  const reads = (bits: number): boolean => (mode & bits) !== 0;
  const isOurs =
    user !== undefined && ((user.uid === uid && reads(0o400)) || (user.gid === gid && reads(0o040)));
  const close = `"chmod o-rwx ${shellWord(path)}"`;
  if (isOurs) return `Run ${close}.`;
  if (user === undefined && uid !== 0)
    return `Run ${close}, if Keystone runs as the owner or the group of the file.`;
  if (user?.name === 'the user keystone')
    return `Run "chgrp keystone ${shellWord(path)}", "chmod g+r ${shellWord(path)}" and ${close}.`;
  return 'Decide as whom Keystone is to read it: give the file to that group with the right to read, then take the right of all others away.';
}
