import { KeystoneLdapError, type ErrorCode } from '../errors.ts';

/** Why a connection cannot be used any more. */
export interface ConnectionFault {
  readonly code: Extract<ErrorCode, 'CONNECT_FAILED' | 'TIMEOUT'>;
  /** Ends the sentence "Cannot read dc=example,dc=com: …". */
  readonly why: string;
  readonly hint: string;
}

export const LOST: ConnectionFault = {
  code: 'CONNECT_FAILED',
  why: 'the server closed the connection',
  hint: 'Run the command again: it goes on where it stopped.',
};

export const TIMED_OUT: ConnectionFault = {
  code: 'TIMEOUT',
  why: 'the server did not answer in time',
  hint: 'Raise --timeout, or use --wait to wait for a server that is still starting.',
};

/** The other end sent what the LDAP client cannot read. */
export function foreignAnswer(why: string): ConnectionFault {
  return {
    code: 'CONNECT_FAILED',
    why,
    hint: 'Check -H: the port, and ldaps:// for a server that speaks TLS from the first byte on.',
  };
}

/** The server sends more than this process may keep: limits are those of `message-check.ts`. */
export function tooMuch(why: string): ConnectionFault {
  return {
    code: 'CONNECT_FAILED',
    why,
    hint: 'Check the server. keystone-ldap takes at most 32 MiB for an entry and 64 MiB for an answer; name smaller trees, or set page_size.',
  };
}

/** The fault as an error that names what was tried: "Cannot add ou=Users,dc=example,dc=com". */
export function connectionError(fault: ConnectionFault, what: string, cause?: unknown): KeystoneLdapError {
  return new KeystoneLdapError(fault.code, `${what}: ${fault.why}.`, { hint: fault.hint, cause });
}
