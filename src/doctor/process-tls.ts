import type { KeystoneServer } from './backend.ts';

/** With which CA a connection is checked, and what of its certificate. */
export interface TlsTrust {
  readonly caFile: string | undefined;
  readonly caDir: string | undefined;
  /** Whether the certificate must be signed by the CA. */
  readonly checkCertificate: boolean;
  /** Whether it must be for the name in the address. */
  readonly checkName: boolean;
}

/**
 * TLS as libldap keeps it. Keystone sets its options for the whole process (`ldap.set_option`, Folsom to 29.0.0), and libldap
 * makes its context for TLS once, at the first handshake: of several domains, the one that is used first decides for all.
 * Only the check of the name follows the option.
 */
export class ProcessTls {
  #caFile: string | undefined;
  #caDir: string | undefined;
  #checks = true;
  #context: Omit<TlsTrust, 'checkName'> | undefined;

  /** What Keystone does before it connects with this driver. */
  set({ setsTls, caFile, caDir, checkCertificate }: KeystoneServer): void {
    if (!setsTls) return;
    if (caFile !== undefined) this.#caFile = caFile;
    else if (caDir !== undefined) this.#caDir = caDir;
    this.#checks = checkCertificate;
  }

  /** What counts for the next handshake. */
  get trust(): TlsTrust {
    const set = { caFile: this.#caFile, caDir: this.#caDir, checkCertificate: this.#checks };
    return { ...(this.#context ?? set), checkName: this.#checks };
  }

  /** After a handshake, whatever came of it. */
  keep(): void {
    this.#context ??= this.trust;
  }
}
