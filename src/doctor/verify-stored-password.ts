import { valuesOf, type Entry } from '../directory/entry.ts';
import type { UserLayout } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import type { KeystoneReader } from './keystone-reader.ts';

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
  else if (password !== 'sha512-crypt') return;
  else if (stored === undefined)
    yield finding({
      code: 'PASSWORD_UNREADABLE',
      message: `${passwordAttribute} of ${entry.dn} cannot be read with this identity; every login fails`,
      remedy: 'Give the identity of keystone.conf read access to userPassword.',
    });
  else if (!stored.startsWith('$6$'))
    yield finding({
      code: 'PASSWORD_FORM',
      message: `the first ${passwordAttribute} of ${entry.dn} is no bare $6$ hash${schemeOf(stored)}; login ends in HTTP 500`,
      remedy:
        'Switch off ppolicy_hash_cleartext for the user tree, then set the password anew, for example with "keystone-ldap seed --file FILE --reset-passwords".',
    });
}

/** The storage scheme in front of a value; never the value. */
function schemeOf(stored: string): string {
  const scheme = /^\{[A-Za-z0-9-]+\}/.exec(stored)?.[0];
  return scheme === undefined ? '' : ` but ${scheme}, perhaps hashed by the server`;
}
