import { KeystoneLdapError } from '../errors.ts';

const WAYS = [
  'Any one of these gives you one:',
  '  keystone-ldap sandbox fetch                      a private copy in your cache, no root needed (apt or dnf)',
  '  apt-get install slapd                            Debian, Ubuntu (also starts a service)',
  '  dnf install openldap-servers                     Fedora, RHEL (there from EPEL)',
  '  apk add openldap openldap-back-mdb               Alpine',
  '  brew install openldap                            macOS',
  '  KEYSTONE_LDAP_SLAPD=/path/to/slapd               one that lies elsewhere',
].join('\n');

/** `SLAPD_MISSING` with all the ways to get a slapd; `why` ends the sentence. */
export function slapdMissing(why: string, cause?: unknown): KeystoneLdapError {
  return new KeystoneLdapError('SLAPD_MISSING', `There is no slapd to use: ${why}.`, { hint: WAYS, cause });
}
