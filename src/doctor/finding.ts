/** Everything that `verify` can find; docs/findings.md explains each. */
export const FINDING_CODES = [
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
  'ATTRIBUTE_DIFFERS',
  'DOMAIN_DIFFERS',
  'DEFAULT_TENANT_DIFFERS',
  'MEMBER_UNKNOWN',
  'PASSWORD_MISSING',
  'PASSWORD_UNREADABLE',
  'PASSWORD_FORM',
  'LIST_CUT',
  'LOGIN_FAILS',
  'BIND_FAILS',
  'CONF_BACKENDS',
  'CONF_SQL_ENTITIES',
  'CONF_TREES',
  'CONF_OPTION',
  'CONF_UNREADABLE_VALUE',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

/** One thing that is not as the release needs it. Keystone fails on an `error`, and may on a `warning`. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning';
  /** What it is about: a DN, an option, a name. */
  readonly subject: string;
  /** What was found, and what Keystone does because of it. */
  readonly message: string;
  /** What to do; a command where there is one. */
  readonly remedy: string;
}
