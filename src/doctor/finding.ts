import type { Problem } from '../errors.ts';
/** What `verify` can find, and `doctor` in part. */
export const VERIFY_CODES = [
  'SCHEMA_MISSING',
  'SCHEMA_DIFFERS',
  'ATTRIBUTE_SPELLING',
  'TREE_MISSING',
  'USER_MISSING',
  'DOMAIN_MISSING',
  'TENANT_MISSING',
  'ROLE_MISSING',
  'GROUP_MISSING',
  'MEMBERSHIP_MISSING',
  'GRANT_MISSING',
  'OTHER_KIND',
  'NAME_AMBIGUOUS',
  'ENABLED_DIFFERS',
  'EVERYBODY_DISABLED',
  'ENABLED_DEFAULT',
  'ATTRIBUTE_DIFFERS',
  'DOMAIN_DIFFERS',
  'DEFAULT_TENANT_DIFFERS',
  'MEMBER_UNKNOWN',
  'PASSWORD_MISSING',
  'PASSWORD_UNREADABLE',
  'PASSWORD_FORM',
  'LIST_CUT',
  'LIST_FAILS',
  'TOO_FEW_USERS',
  'GROUPS_EMPTY',
  'MEMBERS_FAIL',
  'LOGIN_FAILS',
  'BIND_FAILS',
  'CONF_BACKENDS',
  'CONF_SQL_ENTITIES',
  'CONF_TREES',
  'CONF_OPTION',
  'CONF_UNREADABLE_VALUE',
  'HASH_PASSWORD_OFF',
  'OTHER_REVISION',
  'TREE_BREAKS_FILTERS',
  'USER_BREAKS_LISTING',
  'USER_LOSES_ACCESS',
  'DN_NOT_OF_ID',
  'NAME_NOT_ASCII',
  'ROLE_ENTRY_MISSING',
  'DEFAULT_TENANT_DISABLED',
] as const;

/** What `doctor` can find besides; the errors among it `verify` and `init --read-only` find too. */
export const DOCTOR_CODES = [
  'CONF_READABLE',
  'CONF_NOT_UTF8',
  'KEYSTONE_CANNOT_READ',
  'DOMAIN_DIR_MISSING',
  'DOMAIN_DIR_RELATIVE',
  'DOMAIN_FILE_NAME',
  'DOMAIN_FILE_TWICE',
  'DOMAIN_FILE_DRIVER',
  'DOMAIN_FILES_UNUSED',
  'SQL_DRIVERS',
  'CACHE_OFF',
  'CACHE_UNREACHABLE',
  'DATABASE_SQLITE',
  'DEBUG_ON',
  'TOKEN_SIZE',
  'SAML_COMMA',
  'PASSWORD_AGE',
  'PASSWORD_REGEX',
  'PASSWORD_REGEX_UNEXPLAINED',
  'KEYS_SHARED',
  'KEYS_MISSING',
  'KEYS_READABLE',
  'ACCOUNT_MISSING',
  'TLS_SETTINGS',
  'TLS_UNCHECKED',
  'DOMAINS_SHARE_TLS',
  'DOMAINS_SHARE_POOL',
  'IN_CLEAR',
  'SERVER_UNREACHABLE',
  'TLS_FAILS',
  'CERTIFICATE_UNTRUSTED',
  'CERTIFICATE_NAME',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_EXPIRES',
  'EMPTY_PASSWORD_BINDS',
  'ANONYMOUS_READS',
  'ACCOUNT_CAN_WRITE',
  'SITE_RULES_BYPASSED',
  'ATTRIBUTE_HIDDEN',
  'SCHEMA_LEFTOVER',
  'TREE_EMPTY',
  'REFERRAL',
  'PAGING_USELESS',
  'INDEX_MISSING',
  'REGISTRY_STALE',
  'ENTRY_NO_ID',
  'ID_BINARY',
  'ENTRY_NO_NAME',
  'ID_SEVERAL',
  'ID_AMBIGUOUS',
  'ID_TOO_LONG',
  'ID_SLASH',
  'NAME_TOO_LONG',
  'ENABLED_PATCH',
  'ENABLED_NOT_BOOLEAN',
  'ENABLED_GROUP_MISSING',
  'ENABLED_MEMBER_UNKNOWN',
  'MEMBERS_FORM',
  'MEMBER_ATTRIBUTE',
  'MEMBER_LEFT_OUT',
  'MEMBER_NESTED',
  'MEMBER_OUTSIDE',
  'MEMBER_SPELLING',
  'MEMBER_PLACEHOLDER',
  'PASSWORD_CLEAR',
  'PASSWORD_READABLE',
] as const;

/** All of them; docs/findings.md explains each. */
export const FINDING_CODES = [...VERIFY_CODES, ...DOCTOR_CODES] as const;

/** From the least to the worst. */
export const SEVERITIES = ['info', 'warning', 'error'] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

/**
 * One thing that is not as the release needs it. Keystone fails on an `error`, and may on a `warning`; an `info` is what
 * `keystone-manage doctor` says too, and nobody's login depends on it.
 */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: (typeof SEVERITIES)[number];
  /** What it is about: a DN, an option, a name. */
  readonly subject: string;
  /** What was found, and what Keystone does because of it. */
  readonly message: string;
  /** What to do; a command where there is one. */
  readonly remedy: string;
  /** Of entries that it is about, some of them being named in the message. */
  readonly count?: number;
  /** The domain whose file leads there, where that is not the main one. */
  readonly domain?: string;
}

/** A finding as a fault that keeps a command from going on. */
export function problemOf({ subject, message }: Pick<Finding, 'subject' | 'message'>): Problem {
  return { message: `${subject}: ${message}` };
}
