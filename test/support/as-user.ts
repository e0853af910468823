import type { Attributes } from '../../src/directory/entry.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { KeystoneLdapError } from '../../src/errors.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { Secret } from '../../src/secret.ts';

/** What a simple bind comes to: `bound`, or the result code of the refusal. */
export async function bindOutcome(
  { uri }: RunningSlapd,
  dn: string,
  password: string,
): Promise<'bound' | number> {
  const credentials = { kind: 'simple', dn, password: new Secret(password) } as const;
  try {
    await using session = await openSession({ uri, credentials });
    return session.uri === uri ? 'bound' : -1;
  } catch (error) {
    if (error instanceof KeystoneLdapError && error.resultCode !== undefined) return error.resultCode;
    throw error;
  }
}

/** Adds an entry that can bind, and returns what a command line needs to be it. */
export async function addAccount(
  { uri, ldapiUri, suffix }: RunningSlapd,
  more: Attributes = {},
): Promise<Record<string, string>> {
  const dn = `cn=service,${suffix}`;
  await using session = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
  const attributes = {
    objectClass: ['person'],
    cn: ['service'],
    sn: ['service'],
    userPassword: ['service-pw'],
  };
  await session.add({ dn, attributes: { ...attributes, ...more } });
  return { KEYSTONE_LDAP_URI: uri, KEYSTONE_LDAP_BIND_DN: dn, KEYSTONE_LDAP_PASSWORD: 'service-pw' };
}
