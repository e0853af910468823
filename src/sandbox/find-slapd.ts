import { delimiter, join } from 'node:path';
import { KeystoneLdapError } from '../errors.ts';
import { privateCopy } from './private-copy.ts';
import type { Environment } from './environment.ts';
import { installationAt, type SlapdInstallation } from './slapd-installation.ts';

/** Where distributions put slapd; rarely in the PATH of an ordinary user. */
const KNOWN_PLACES = [
  '/usr/sbin/slapd', // Debian, Ubuntu, RHEL, Fedora, Alpine, SUSE
  '/usr/local/sbin/slapd',
  '/usr/libexec/slapd', // macOS
  '/usr/local/libexec/slapd', // an own build, FreeBSD
  '/usr/lib/openldap/slapd', // Arch, SUSE
  '/opt/homebrew/opt/openldap/libexec/slapd', // Homebrew on Apple silicon
  '/usr/local/opt/openldap/libexec/slapd', // Homebrew on Intel
  '/home/linuxbrew/.linuxbrew/opt/openldap/libexec/slapd',
] as const;

/**
 * The slapd to use: `KEYSTONE_LDAP_SLAPD`, then PATH, then where distributions put it, then the private copy.
 * Looks only; nothing is fetched.
 * @throws `SLAPD_MISSING` when `KEYSTONE_LDAP_SLAPD` names none
 */
export async function findSlapd(env: Environment): Promise<SlapdInstallation | undefined> {
  const named = env['KEYSTONE_LDAP_SLAPD'];
  if (named !== undefined && named !== '') return namedSlapd(named);
  const inPath = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return (
    (await firstOf(
      inPath.map((folder) => join(folder, 'slapd')),
      'path',
    )) ??
    (await firstOf(KNOWN_PLACES, 'known-place')) ??
    (await privateCopy(env))
  );
}

async function namedSlapd(path: string): Promise<SlapdInstallation> {
  const installation = await installationAt(path, 'env');
  if (installation !== undefined) return installation;
  throw new KeystoneLdapError(
    'SLAPD_MISSING',
    `KEYSTONE_LDAP_SLAPD names ${path}, which is no program with OpenLDAP's schema files beside it.`,
    { hint: 'Correct KEYSTONE_LDAP_SLAPD, or unset it to have slapd looked for.' },
  );
}

async function firstOf(
  paths: readonly string[],
  origin: 'path' | 'known-place',
): Promise<SlapdInstallation | undefined> {
  for (const path of paths) {
    const installation = await installationAt(path, origin);
    if (installation !== undefined) return installation;
  }
  return undefined;
}
