import type { Trees } from '../releases/release.ts';
import type { Secret } from '../secret.ts';

/** A user as the directory has it. */
export interface DirectoryUser {
  readonly name: string;
  /** What Keystone calls the local id. */
  readonly id: string;
  readonly dn: string;
  /** In clear text; absent for who cannot log in. */
  readonly password: Secret | undefined;
}

/** An OpenLDAP of your own with schema, trees and identities of a Keystone release, gone when it is disposed of. */
export interface KeystoneDirectory extends AsyncDisposable {
  /** `ldap://127.0.0.1:PORT`; the same after every `reset()`. */
  readonly uri: string;
  /** `ldapi://%2F…`, where the server is a process of this machine. */
  readonly ldapiUri: string | undefined;
  /** `ldaps://127.0.0.1:PORT`, with `tls`. */
  readonly ldapsUri: string | undefined;
  /** The PEM file of the CA to trust then. */
  readonly caFile: string | undefined;
  readonly suffix: string;
  /** The canonical name of the release. */
  readonly release: string;
  /** The DNs of the trees of users, groups, tenants and roles, of those that the release keeps in LDAP. */
  readonly trees: Trees;
  /** The rootdn of the data, as which `keystoneConf` binds. */
  readonly bindDn: string;
  readonly password: Secret;
  /** The rootdn of cn=config. */
  readonly configDn: string;
  readonly configPassword: Secret;
  /** The users that were seeded, in the order in which they were declared. */
  readonly users: readonly DirectoryUser[];
  /** What the release could not express of the identities. */
  readonly remarks: readonly string[];
  /** A whole keystone.conf whose identities are in this directory, its password in clear text. */
  readonly keystoneConf: string;
  /** Plain text for other processes: what `keystone-ldap sandbox` sets for its command. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Brings data and configuration back to what they were when the start was done. What differs in the data is undone
   * over LDAP, in some milliseconds; connections stay, while entries that were away get a new entryUUID and new
   * timestamps. Where cn=config changed, or slapd ended, the server is restarted from a copy, which costs some 50 ms and
   * every connection.
   */
  reset(): Promise<void>;
  /** Ends the server and removes all that it wrote. */
  stop(): Promise<void>;
}
