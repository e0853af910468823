import type { Secret } from '../secret.ts';

/** A throw-away server, wherever it runs: all that is needed to fill it and to bring it back to what it was. */
export interface SandboxBackend extends AsyncDisposable {
  /** `ldap://HOST:PORT`, the same as long as it lives. */
  readonly uri: string;
  /** `ldapi://%2F…`, where the server is a process of this machine. */
  readonly ldapiUri?: string | undefined;
  /** `ldaps://HOST:PORT`, where it has a certificate. */
  readonly ldapsUri?: string | undefined;
  /** The CA to trust then, a PEM file. */
  readonly caFile?: string | undefined;
  /** The folder with all that it keeps, where that is on this machine; it goes with the server. */
  readonly dir?: string | undefined;
  readonly suffix: string;
  /** The rootdn of the data. */
  readonly bindDn: string;
  readonly password: Secret;
  /** The rootdn of cn=config. */
  readonly configDn: string;
  readonly configPassword: Secret;
  /**
   * Remembers configuration and data as they are. What it returns brings them back, which may cost every connection.
   * Absent where nothing but LDAP reaches the server.
   */
  snapshot?(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}
