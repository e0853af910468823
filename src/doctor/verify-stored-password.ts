import { valuesOf, type Entry } from '../directory/entry.ts';
import { readsPassword } from '../releases/reads-password.ts';
import type { UserLayout } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import type { KeystoneReader } from './keystone-reader.ts';
import { storedPasswordFault } from './stored-password-fault.ts';

/** Only what can be told without the password: that there is one, readable and in a form that Keystone understands. */
export async function* verifyStoredPassword(
  reader: KeystoneReader,
  subject: string,
  entry: Entry,
  { password, passwordAttribute }: UserLayout,
): AsyncGenerator<Finding> {
  const [stored] = valuesOf(entry, passwordAttribute);
  const finding = (rest: Pick<Finding, 'code' | 'message' | 'remedy'>): Finding => ({
    severity: 'error',
    subject,
    ...rest,
  });
  if (stored === undefined && (await reader.lacksPassword(entry.dn)))
    yield finding({
      code: 'PASSWORD_MISSING',
      message: `${entry.dn} has no ${passwordAttribute}; every login fails`,
      remedy:
        'Set one in the directory, or with "keystone-ldap seed --file FILE --reset-passwords" if a file of yours declares this user.',
    });
  // A release that binds as the user need not read it.
  else if (!readsPassword(password)) return;
  else if (stored === undefined)
    yield finding({
      code: 'PASSWORD_UNREADABLE',
      message: `${passwordAttribute} of ${entry.dn} cannot be read with this identity; every login fails`,
      remedy: 'Give the identity of keystone.conf read access to userPassword.',
    });
  else {
    const fault = storedPasswordFault(stored, password);
    if (fault === undefined) return;
    yield finding({
      code: 'PASSWORD_FORM',
      message: `the first ${passwordAttribute} of ${entry.dn} ${fault}`,
      remedy: password === 'compared' ? CLEAR_REMEDY : HASH_REMEDY,
    });
  }
}

/** What to do about a stored value that Keystone cannot check. */
export const HASH_REMEDY =
  'Switch off ppolicy_hash_cleartext for the user tree, then set the password anew, for example with "keystone-ldap seed --file FILE --reset-passwords".';
export const CLEAR_REMEDY =
  'Set the password anew, in clear text and with ppolicy_hash_cleartext switched off, or, where keystone.conf decides it, switch hashing on.';
