import type { ErrorCode } from '../errors.ts';

interface ResultCode {
  readonly name: string;
  readonly code: ErrorCode;
  /** What the result means for the reader, where its name does not say it. */
  readonly meaning: string;
  readonly hint?: string;
}

const refused = (name: string, meaning: string): ResultCode => ({ name, code: 'LDAP_REFUSED', meaning });

const STRONGER =
  'Use -ZZ (StartTLS) or an ldaps:// URI; over ldapi:// and as root, -Y EXTERNAL needs no password.';

/** LDAP results (RFC 4511 appendix A.1, RFC 5805 and OpenLDAP's own) and what they are to us. */
export const RESULT_CODES: Readonly<Record<number, ResultCode>> = {
  1: refused('operationsError', 'the server says that this cannot be done now'),
  2: refused('protocolError', 'the server did not understand the request'),
  3: {
    name: 'timeLimitExceeded',
    code: 'SIZE_LIMIT',
    meaning: 'the server stops searches that take this long',
  },
  4: {
    name: 'sizeLimitExceeded',
    code: 'SIZE_LIMIT',
    meaning: 'the server gives this identity only a part of the entries',
    hint: 'Bind as the rootdn, or raise olcLimits / olcSizeLimit for this identity.',
  },
  7: {
    name: 'authMethodNotSupported',
    code: 'AUTH_FAILED',
    meaning: 'the server does not offer this kind of bind',
  },
  8: {
    name: 'strongerAuthRequired',
    code: 'AUTH_FAILED',
    meaning: 'the server demands a stronger bind',
    hint: STRONGER,
  },
  11: { name: 'adminLimitExceeded', code: 'SIZE_LIMIT', meaning: 'the server refuses a search of this size' },
  12: refused('unavailableCriticalExtension', 'the server does not support a control of the request here'),
  13: {
    name: 'confidentialityRequired',
    code: 'AUTH_FAILED',
    meaning: 'the server demands an encrypted connection',
    hint: STRONGER,
  },
  16: {
    name: 'noSuchAttribute',
    code: 'STALE_PLAN',
    meaning: 'a value that was to be replaced is not there any more',
  },
  17: refused('undefinedAttributeType', "an attribute is not in the server's schema"),
  18: refused('inappropriateMatching', 'the attribute cannot be compared in this way'),
  19: refused('constraintViolation', 'a value breaks a rule of the server'),
  20: {
    name: 'attributeOrValueExists',
    code: 'STALE_PLAN',
    meaning: 'a value that was to be added is there already',
  },
  21: refused('invalidAttributeSyntax', 'a value does not have the form that its attribute demands'),
  32: refused('noSuchObject', 'the entry, or its parent, does not exist'),
  34: refused('invalidDNSyntax', 'the server does not take this for a DN'),
  48: {
    name: 'inappropriateAuthentication',
    code: 'AUTH_FAILED',
    meaning: 'this entry has no password to bind with',
  },
  49: { name: 'invalidCredentials', code: 'AUTH_FAILED', meaning: 'wrong password, or no such entry' },
  50: {
    name: 'insufficientAccessRights',
    code: 'ACCESS_DENIED',
    meaning: 'this identity has no right to it',
    hint: 'Bind as the rootdn of the database (-D, and -W or -y); on Debian, root over ldapi may change cn=config but not the data.',
  },
  51: refused('busy', 'the server is busy'),
  52: refused('unavailable', 'the server is shutting down or not ready'),
  53: refused('unwillingToPerform', 'the server refuses'),
  64: refused('namingViolation', 'the RDN does not fit the entry'),
  65: refused('objectClassViolation', 'the entry would not fit its object classes'),
  66: refused('notAllowedOnNonLeaf', 'the entry has children'),
  67: refused('notAllowedOnRDN', 'the value is part of the RDN'),
  68: { name: 'entryAlreadyExists', code: 'NAME_TAKEN', meaning: 'there is an entry of this name already' },
  69: refused('objectClassModsProhibited', 'the structural class of an entry cannot be changed'),
  71: refused('affectsMultipleDSAs', 'the entries lie in different databases'),
  80: refused('other', 'the server refuses'),
  122: { name: 'assertionFailed', code: 'STALE_PLAN', meaning: 'the entry has changed meanwhile' },
};
