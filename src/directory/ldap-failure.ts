import { KeystoneLdapError } from '../errors.ts';
import { codeOf } from '../file-faults.ts';
import { connectionError, TIMED_OUT } from './connection-fault.ts';
import { RESULT_CODES } from './result-code.ts';

/**
 * An error of the LDAP client or of the network as our own. The client's texts are often empty and never name
 * the entry, so the sentence is always made from what was tried: "Cannot add ou=Users,dc=example,dc=com".
 */
export function ldapFailure(error: unknown, what: string): KeystoneLdapError {
  if (error instanceof KeystoneLdapError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const text = error instanceof Error ? error.message : String(error);
  if (typeof code === 'number') return resultFailure(code, diagnosticOf(text), what, error);
  if (/timed out|timeout/i.test(text)) return connectionError(TIMED_OUT, what, error);
  return networkFailure(typeof code === 'string' ? code : '', text, what, error);
}

/** Whether the server has answered with one of these result codes. */
export function hasResult(error: unknown, ...codes: readonly number[]): boolean {
  return (
    error instanceof KeystoneLdapError && error.resultCode !== undefined && codes.includes(error.resultCode)
  );
}

/** Whether the error says that the server ended the connection. */
export function isConnectionEnd(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  const text = error instanceof Error ? error.message : String(error);
  return !isTlsFault(code, text) && (CLOSED.has(code) || CLOSED_TEXT.test(text));
}

/** A failure the server reported with a result code and perhaps a diagnostic text. */
function resultFailure(
  resultCode: number,
  diagnostic: string,
  what: string,
  cause?: unknown,
): KeystoneLdapError {
  const known = RESULT_CODES[resultCode];
  const name = known === undefined ? `result ${resultCode}` : `${known.name} (${resultCode})`;
  const said = diagnostic === '' ? '' : `; it says: ${diagnostic}`;
  return new KeystoneLdapError(
    known?.code ?? 'LDAP_REFUSED',
    `${what}: ${known?.meaning ?? 'the server refuses'}, ${name}${said}.`,
    { resultCode, diagnostic, cause, hint: known?.hint },
  );
}

/** The client appends the code to the server's text, and puts texts of its own where the server gave none. */
function diagnosticOf(text: string): string {
  return text.replace(/\s*Code: 0x[0-9a-f]+$/i, '').trim();
}

function networkFailure(code: string, text: string, what: string, cause: unknown): KeystoneLdapError {
  if (isTlsFault(code, text))
    return new KeystoneLdapError('TLS_FAILED', `${what}: ${TLS_FAULTS[code] ?? text}.`, {
      hint: "Name the CA with --ca-file, and use the server name that is in the server's certificate.",
      cause,
    });
  return new KeystoneLdapError('CONNECT_FAILED', `${what}: ${NETWORK_FAULTS[code] ?? (text || code)}.`, {
    hint: 'Check -H, and that slapd runs and listens there; --wait SECONDS waits for it.',
    cause,
  });
}

function isTlsFault(code: string, text: string): boolean {
  return (
    code in TLS_FAULTS || code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || /\bTLS\b|SSL/.test(text)
  );
}

const TLS_FAULTS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is self-signed and not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "the CA of the server's certificate is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the CA of the server's certificate is not known",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the CA of the server's certificate is not known",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name",
};

const CLOSED = new Set(['ECONNRESET', 'EPIPE']);
/** How the client calls the end of a connection on which requests wait. */
const CLOSED_TEXT = /^(?:Connection closed before|Socket error|Socket connection not established)/;

const NETWORK_FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'there is no such socket',
  EACCES: 'no right to open the socket',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the host does not answer',
};
