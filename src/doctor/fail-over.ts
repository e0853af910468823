import type { SessionOptions } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { KeystoneServer } from './backend.ts';

const INVALID_CREDENTIALS = 49;

/**
 * Whether Keystone goes on to the next address of [ldap] url after this error. Without a pool libldap passes over
 * servers that do not answer, or not in TLS on ldaps://; a StartTLS or a bind that fails ends it. A pool (ldappool 3.0.0,
 * Debian 12) tries each server by itself, and goes on but for StartTLS, a server that is down included, and wrong
 * credentials.
 */
export function goesOn(
  error: unknown,
  { usesPool }: Pick<KeystoneServer, 'usesPool'>,
  { startTls }: Pick<SessionOptions, 'startTls'>,
): boolean {
  if (!(error instanceof KeystoneLdapError) || error.code === 'CANCELLED') return false;
  if (isBind(error)) return usesPool && error.resultCode !== INVALID_CREDENTIALS;
  if (startTls !== undefined) return !usesPool && isUnreachable(error);
  return true;
}

/** Nobody answers there. */
export function isUnreachable({ code }: KeystoneLdapError): boolean {
  return code === 'CONNECT_FAILED' || code === 'TIMEOUT' || code === 'USAGE';
}

function isBind({ resultCode, message }: KeystoneLdapError): boolean {
  return resultCode !== undefined && !message.includes('start TLS');
}
