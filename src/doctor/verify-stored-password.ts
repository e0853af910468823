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
        'Decide who sets one: the directory, or seed --reset-passwords with the file that declares this user.',
    });
  // A release that binds as the user need not read it.
  else if (!readsPassword(password)) return;
  else if (stored === undefined)
    yield finding({
      code: 'PASSWORD_UNREADABLE',
      message: `${passwordAttribute} of ${entry.dn} cannot be read with this identity; every login fails`,
      remedy:
        'Decide with the administrators of the directory who may read userPassword: the account of keystone.conf has to.',
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
  'Decide who hashes: with ppolicy_hash_cleartext switched off for the user tree, seed --reset-passwords sets the password anew.';
export const CLEAR_REMEDY =
  'Decide how passwords are to be stored: set this one anew, in clear text and with ppolicy_hash_cleartext switched off, as ASCII that is neither a number nor TRUE nor FALSE; or, where keystone.conf decides it, switch hashing on.';
