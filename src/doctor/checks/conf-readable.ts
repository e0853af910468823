import { permissionsOf } from '../../files.ts';
import type { FilesCheck } from './check.ts';

const OTHERS_READ = 0o004;

/** The files hold the password of Keystone's account. */
export const confReadable: FilesCheck = async function* ({ mainPaths, domains }) {
  const paths = [...mainPaths, ...(domains?.files ?? []).map(({ path }) => path)];
  for (const path of paths)
    if (((await permissionsOf(path)) & OTHERS_READ) !== 0)
      yield {
        code: 'CONF_READABLE',
        severity: 'warning',
        subject: path,
        message:
          'everybody on this machine can read it, and the password of the LDAP account in it; Keystone does not mind',
        remedy: `Run "chmod o-rwx ${path}".`,
      };
};
