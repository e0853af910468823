import { KeystoneLdapError } from '../errors.ts';
import type { SlapdInstallation } from './slapd-installation.ts';

/** `SLAPD_FAILED` with what slapd said in `why`, and a remedy where the words tell one. */
export function slapdFailed(
  { slapd, origin }: SlapdInstallation,
  why: string,
  cause?: unknown,
): KeystoneLdapError {
  const hint = REMEDIES.find(([said]) => said.test(why))?.[1];
  return new KeystoneLdapError('SLAPD_FAILED', `${slapd} (${origin}) did not start: ${why}`, {
    hint,
    cause,
  });
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /error while loading shared libraries|cannot open shared object/,
    'A library of this slapd is missing here; "keystone-ldap sandbox fetch" makes a copy that is complete.',
  ],
  [
    /daemon: bind\(\d+\) failed.*Permission denied/,
    'Ports below 1024 are for root: choose a higher one, or none.',
  ],
  [
    /daemon: bind\(\d+\) failed/,
    'The port is taken: choose another one, or none to get a free one. "keystone-ldap sandbox list" tells whether a sandbox has it.',
  ],
  [
    /Permission denied|Operation not permitted|errno=13\b/,
    'On Ubuntu, AppArmor forbids the packaged slapd every folder but its own. Run "keystone-ldap sandbox fetch" ' +
      'and set KEYSTONE_LDAP_SLAPD to the path it prints: the profile does not hold for a private copy.',
  ],
];
