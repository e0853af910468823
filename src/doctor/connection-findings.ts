import { isLocalhost } from '../directory/certificate-name.ts';
import { parseLdapUri } from '../directory/ldap-uri.ts';
import type { ServerCertificate, SessionOptions } from '../directory/session.ts';
import { openSession } from '../directory/open-session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { codeOf } from '../file-faults.ts';
import { machineName } from '../machine-name.ts';
import type { ConfDocument } from '../keystone-conf/document/document.ts';
import { optionValue } from '../keystone-conf/document/option-value.ts';
import { problemOf, type Finding, type FindingCode } from './finding.ts';
import { optionPlace } from './option-place.ts';
import { OPTIONS_OF_LDAP, type ServerOptionNames } from './server-option-names.ts';

/** A bind that fails is an answer about the file; `subject` says which. */
function bindFails(
  error: KeystoneLdapError,
  { credentials }: SessionOptions,
  { file, names = OPTIONS_OF_LDAP }: BoundBy,
): Finding {
  return {
    code: 'BIND_FAILS',
    severity: 'error',
    subject: `${file}: ${credentials.kind === 'simple' ? credentials.dn : 'anonymous bind'}`,
    message: `${error.message} Keystone can read nothing`,
    remedy:
      error.resultCode === CONFIDENTIALITY_REQUIRED
        ? `Decide how the server is to be reached: ${names.tls}.`
        : `Decide which account and password are right: correct ${names.account}, or set the password of that entry.`,
  };
}

const CONFIDENTIALITY_REQUIRED = 13;

/** The file that has the account, and what its options are called there. */
interface BoundBy {
  readonly file: string;
  readonly names?: ServerOptionNames | undefined;
}

/** Why a server of keystone.conf cannot be used. */
export async function connectionFails(
  error: unknown,
  options: SessionOptions,
  { file, goesOn, names = OPTIONS_OF_LDAP }: BoundBy & { readonly goesOn: boolean },
): Promise<Finding> {
  if (!(error instanceof KeystoneLdapError) || error.code === 'CANCELLED') throw error;
  const { uri } = options;
  if (error.code === 'TLS_FAILED') return await tlsFails(error, options);
  if (error.code === 'CONNECT_FAILED' || error.code === 'TIMEOUT' || error.code === 'USAGE')
    return {
      code: 'SERVER_UNREACHABLE',
      severity: 'error',
      subject: uri,
      message: `${error.message} ${goesOn ? GOES_ON : ENDS}`,
      remedy: `Decide which server is meant: start it, or correct ${names.url}. By hand, ldapsearch -x -H ${uri} -b '' -s base tries it.`,
    };
  if (options.startTls !== undefined && error.message.includes('start TLS'))
    return tlsFinding(
      'TLS_FAILS',
      uri,
      error.message,
      'Decide how passwords are to be protected: give the server a certificate. With use_tls switched off they cross the network in clear.',
    );
  return bindFails(error, options, { file, names });
}

const GOES_ON = 'Keystone tries the next address in [ldap] url; if none answers, logins fail';
const ENDS =
  'Keystone does not go on to another address of [ldap] url, because use_tls and use_pool are set: while this server is down, every login fails';

interface CertificateFault {
  readonly code: FindingCode;
  readonly remedy: string;
}

const UNTRUSTED: CertificateFault = {
  code: 'CERTIFICATE_UNTRUSTED',
  remedy: 'Decide whether this CA is to be trusted; then name its file in tls_cacertfile.',
};

const CERTIFICATE_FAULTS: Readonly<Record<string, CertificateFault>> = {
  CERT_HAS_EXPIRED: {
    code: 'CERTIFICATE_EXPIRED',
    remedy:
      'Decide who issues a new certificate for the server; Keystone connects again once the server has it.',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: 'CERTIFICATE_NAME',
    remedy:
      'Decide which name is right: name the server in [ldap] url as its certificate does, or issue one with this name.',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
};

async function tlsFails(error: KeystoneLdapError, options: SessionOptions): Promise<Finding> {
  const fault = CERTIFICATE_FAULTS[codeOf(error.cause) ?? ''];
  if (fault === undefined) return tlsFinding('TLS_FAILS', options.uri, error.message, HANDSHAKE_REMEDY);
  const certificate = await shownCertificate(options);
  const which = certificate === undefined ? '' : ` It shows ${certificateText(certificate)};`;
  const asked = fault.code === 'CERTIFICATE_NAME' ? await askedName(options.uri) : '';
  return tlsFinding(fault.code, options.uri, `${error.message}${asked}${which}`, fault.remedy);
}

/** libldap asks for another name than the address has. */
async function askedName(uri: string): Promise<string> {
  const address = parseLdapUri(uri);
  if (address.scheme === 'ldapi' || !isLocalhost(address.host)) return '';
  return ` For localhost, libldap asks for the name of this machine, ${await machineName()}.`;
}

const HANDSHAKE_REMEDY =
  'Decide which form the port speaks: ldaps:// from the first byte on, use_tls after StartTLS.';

function tlsFinding(code: FindingCode, subject: string, message: string, remedy: string): Finding {
  return { code, severity: 'error', subject, message: `${message} Keystone does not connect`, remedy };
}

/** Asks once more and takes any certificate: as nobody, and saying nothing. */
async function shownCertificate(options: SessionOptions): Promise<ServerCertificate | undefined> {
  try {
    const anyone = { ...options, credentials: { kind: 'anonymous' }, checkCertificate: false } as const;
    await using session = await openSession(anyone);
    return session.certificate;
  } catch {
    return undefined;
  }
}

/** The options of `[ldap]` that may have to be corrected; the first one that is set counts. */
const OPTIONS: Partial<Readonly<Record<FindingCode, readonly [string, ...string[]]>>> = {
  BIND_FAILS: ['user'],
  CERTIFICATE_UNTRUSTED: ['tls_cacertfile', 'tls_cacertdir'],
  CERTIFICATE_NAME: ['url'],
  CERTIFICATE_EXPIRED: ['url'],
  SERVER_UNREACHABLE: ['url'],
  TLS_FAILS: ['url'],
};

/** The finding in a line that names its place in the file, which the subject of a connection lacks. */
export function placedText(finding: Finding, doc: ConfDocument): string {
  const options = OPTIONS[finding.code];
  if (options === undefined) return problemOf(finding).message;
  const isSet = (name: string): boolean => (optionValue(doc, 'ldap', name) ?? '') !== '';
  const option = options.find(isSet) ?? options[0];
  return `${optionPlace(doc, 'ldap', option)}: [ldap] ${option}: ${finding.message}`;
}

export function certificateText({ subject, issuer, names, validTo }: ServerCertificate): string {
  return `${subject} for ${names || 'no name'}, issued by ${issuer}, valid until ${validTo.toISOString().slice(0, 10)}`;
}
