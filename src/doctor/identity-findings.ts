import { valuesOf, type Entry } from '../directory/entry.ts';
import type { UserLayout } from '../releases/release.ts';
import type { Finding, FindingCode } from './finding.ts';

export const SEED = 'Run "keystone-ldap seed" with the same options.';

export function missing(code: FindingCode, subject: string): Finding {
  return { code, severity: 'error', subject, message: 'Keystone does not find it', remedy: SEED };
}

export function* ambiguous(subject: string, found: readonly Entry[]): Generator<Finding> {
  if (found.length < 2) return;
  const dns = found.map(({ dn }) => dn);
  yield {
    code: 'NAME_AMBIGUOUS',
    severity: 'error',
    subject,
    message: `${found.length} entries have this name (${dns.join('; ')}); Keystone takes the first that it gets`,
    remedy: 'Delete or rename all but one.',
  };
}

/** What Keystone reads for `enabled`, against what it should read. */
export function* enabledDiffers(
  subject: string,
  dn: string,
  { is, should }: { readonly is: boolean | undefined; readonly should: boolean },
): Generator<Finding> {
  if (is === should) return;
  const state =
    is === undefined
      ? 'nothing says whether'
      : `Keystone takes it for ${is ? 'enabled' : 'disabled'}, though`;
  yield {
    code: 'ENABLED_DIFFERS',
    severity: 'error',
    subject,
    message: `${dn}: ${state} it should be ${should ? 'enabled' : 'disabled'}`,
    remedy: SEED,
  };
}

export function* attributeDiffers(
  subject: string,
  entry: Entry,
  attribute: string | undefined,
  value: string | undefined,
): Generator<Finding> {
  if (attribute === undefined || value === undefined) return;
  const values = valuesOf(entry, attribute);
  if (values.includes(value)) return;
  yield {
    code: 'ATTRIBUTE_DIFFERS',
    severity: 'warning',
    subject,
    message: `${attribute} of ${entry.dn} is ${values.join(', ') || 'missing'}, it should say ${value}`,
    remedy: SEED,
  };
}

/** Only what can be told without the password: that Keystone can read one, and in a form that it understands. */
export function* storedPassword(
  subject: string,
  entry: Entry,
  { password, passwordAttribute }: UserLayout,
): Generator<Finding> {
  if (password !== 'sha512-crypt') return; // checked by a bind, for which Keystone need not read it
  const [stored] = valuesOf(entry, passwordAttribute);
  if (stored === undefined)
    yield {
      code: 'PASSWORD_UNREADABLE',
      severity: 'error',
      subject,
      message: `${passwordAttribute} of ${entry.dn} cannot be read with this identity, or is missing; every login fails`,
      remedy:
        'Give the identity of keystone.conf read access to userPassword, or set a password with "keystone-ldap seed --reset-passwords".',
    };
  else if (!stored.startsWith('$6$'))
    yield {
      code: 'PASSWORD_FORM',
      severity: 'error',
      subject,
      message: `the first ${passwordAttribute} of ${entry.dn} is no bare $6$ hash${schemeOf(stored)}; login ends in HTTP 500`,
      remedy:
        'Switch off ppolicy_hash_cleartext for the user tree, then run "keystone-ldap seed --reset-passwords".',
    };
}

/** The storage scheme in front of a value; never the value. */
function schemeOf(stored: string): string {
  const scheme = /^\{[A-Za-z0-9-]+\}/.exec(stored)?.[0];
  return scheme === undefined ? '' : ` but ${scheme}, perhaps hashed by the server`;
}

export function unknownMember(subject: string, member: string, isFatal: boolean): Finding {
  return {
    code: 'MEMBER_UNKNOWN',
    severity: isFatal ? 'error' : 'warning',
    subject,
    message: `its member ${member} is no user that Keystone can read; ${
      isFatal ? 'listing the users of the tenant or role ends in HTTP 500' : 'Keystone passes over it'
    }`,
    remedy: `Remove that member value.`,
  };
}
