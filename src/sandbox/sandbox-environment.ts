import { join } from 'node:path';
import type { SandboxBackend } from './sandbox-backend.ts';

/**
 * The variables by which every command of keystone-ldap finds a sandbox: the twins of the connection flags, the password
 * among them, which is worth nothing beyond this server. `LDAPTLS_CACERT` is for the programs of OpenLDAP (ldap.conf(5)).
 */
export function sandboxEnvironment(
  sandbox: SandboxBackend,
  release: string | undefined,
): Readonly<Record<string, string>> {
  return {
    KEYSTONE_LDAP_URI: sandbox.uri,
    ...(sandbox.ldapiUri === undefined ? {} : { KEYSTONE_LDAP_LDAPI_URI: sandbox.ldapiUri }),
    KEYSTONE_LDAP_BIND_DN: sandbox.bindDn,
    KEYSTONE_LDAP_PASSWORD: sandbox.password.reveal(),
    KEYSTONE_LDAP_SUFFIX: sandbox.suffix,
    KEYSTONE_LDAP_CONFIG_URI: sandbox.uri,
    KEYSTONE_LDAP_CONFIG_BIND_DN: sandbox.configDn,
    KEYSTONE_LDAP_CONFIG_PASSWORD: sandbox.configPassword.reveal(),
    ...(sandbox.ldapsUri === undefined ? {} : { KEYSTONE_LDAP_LDAPS_URI: sandbox.ldapsUri }),
    ...(sandbox.caFile === undefined
      ? {}
      : { KEYSTONE_LDAP_CA_FILE: sandbox.caFile, LDAPTLS_CACERT: sandbox.caFile }),
    // What is done to a throw-away server is forgotten with it.
    ...(sandbox.dir === undefined ? {} : { KEYSTONE_LDAP_STATE_DIR: join(sandbox.dir, 'state') }),
    ...(release === undefined ? {} : { KEYSTONE_LDAP_RELEASE: release }),
  };
}
