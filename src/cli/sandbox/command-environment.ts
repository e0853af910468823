import type { Io } from '../terminal/io.ts';

/** Our own environment for a command in a sandbox, without what would win over the sandbox's variables. */
export function commandEnvironment(
  own: Io['env'],
  sandbox: Readonly<Record<string, string>>,
): Readonly<Record<string, string | undefined>> {
  return { ...own, ...OF_OTHER_SERVERS, ...sandbox };
}

const OF_OTHER_SERVERS = {
  KEYSTONE_LDAP_PASSWORD_FILE: undefined,
  KEYSTONE_LDAP_CONFIG_PASSWORD_FILE: undefined,
  KEYSTONE_LDAP_CA_FILE: undefined,
};
