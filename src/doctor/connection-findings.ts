import { openSession, type ServerCertificate, type SessionOptions } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { codeOf } from '../file-faults.ts';
import type { Finding, FindingCode } from './finding.ts';

/** A bind that fails is an answer about the file; `subject` says which. */
export function bindFails(error: KeystoneLdapError, { credentials }: SessionOptions, file: string): Finding {
  return {
    code: 'BIND_FAILS',
    severity: 'error',
    subject: `${file}: ${credentials.kind === 'simple' ? credentials.dn : 'anonymous bind'}`,
    message: `${error.message} Keystone can read nothing`,
    remedy: error.resultCode === CONFIDENTIALITY_REQUIRED ? USE_TLS : CORRECT_ACCOUNT,
  };
}

const CONFIDENTIALITY_REQUIRED = 13;
const USE_TLS = 'Run "keystone-ldap configure" with -ZZ or with -H ldaps://HOST, and with --ca-file.';
const CORRECT_ACCOUNT =
  'Correct user and password with "keystone-ldap configure", or set the password of that entry.';

/** Why a server of keystone.conf cannot be used. */
export async function connectionFails(
  error: unknown,
  options: SessionOptions,
  { file, goesOn }: { readonly file: string; readonly goesOn: boolean },
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
      remedy: `Start the server or correct [ldap] url; "ldapsearch -x -H ${uri} -b '' -s base" tries it by hand.`,
    };
  if (options.startTls !== undefined && error.message.includes('start TLS'))
    return tlsFinding(
      'TLS_FAILS',
      uri,
      error.message,
      'Give the server a certificate, or switch use_tls off.',
    );
  return bindFails(error, options, file);
}

const GOES_ON = 'Keystone goes on to the next address of [ldap] url, and without one every login fails';
const ENDS =
  'Keystone does not go on to another address of [ldap] url, because use_tls and use_pool are set: while this server is down, every login fails';

interface CertificateFault {
  readonly code: FindingCode;
  readonly remedy: string;
}

const UNTRUSTED: CertificateFault = {
  code: 'CERTIFICATE_UNTRUSTED',
  remedy: 'Name the file with the CA that issued it: "keystone-ldap configure" with --ca-file.',
};

const CERTIFICATE_FAULTS: Readonly<Record<string, CertificateFault>> = {
  CERT_HAS_EXPIRED: {
    code: 'CERTIFICATE_EXPIRED',
    remedy: 'Renew the certificate of the server, and restart it.',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: 'CERTIFICATE_NAME',
    remedy: 'Name the server in [ldap] url as its certificate does, or issue one with this name.',
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
  return tlsFinding(fault.code, options.uri, `${error.message}${which}`, fault.remedy);
}

const HANDSHAKE_REMEDY =
  'See whether the port speaks TLS: ldaps:// from the first byte on, use_tls after StartTLS.';

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

export function certificateText({ subject, issuer, names, validTo }: ServerCertificate): string {
  return `${subject} for ${names || 'no name'}, issued by ${issuer}, valid until ${validTo.toISOString().slice(0, 10)}`;
}
