/** Every code a {@link KeystoneLdapError} can carry; docs/errors.md explains each. */
export const ERROR_CODES = [
  'USAGE',
  'INPUT_INVALID',
  'FILE_UNREADABLE',
  'FILE_UNWRITABLE',
  'CONF_INVALID',
  'KEYSTONE_FAILS',
  'SCHEMA_INVALID',
  'SCHEMA_CONFLICT',
  'SCHEMA_NOT_LOADABLE',
  'CONNECT_FAILED',
  'TLS_FAILED',
  'TIMEOUT',
  'AUTH_FAILED',
  'ACCESS_DENIED',
  'ACCESS_CONFLICT',
  'SIZE_LIMIT',
  'NO_NAMING_CONTEXT',
  'NAME_TAKEN',
  'LDAP_REFUSED',
  'STALE_PLAN',
  'APPLY_INCOMPLETE',
  'UNDO_REFUSED',
  'OTHER_SERVER',
  'UNSAFE_NAME',
  'OTHER_RELEASE',
  'IDS_NOT_KEPT',
  'COMMAND_FAILED',
  'SLAPD_MISSING',
  'SLAPD_FAILED',
  'CANCELLED',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One fault in an input file: positions count from 1. */
export interface Problem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ErrorOptions {
  /** What to do, usually a command. */
  readonly hint?: string | undefined;
  /** All faults found in an input, for `INPUT_INVALID`, `CONF_INVALID`, `SCHEMA_INVALID` and `UNSAFE_NAME`. */
  readonly problems?: readonly Problem[];
  /** The LDAP result code (RFC 4511 appendix A) where a server gave one. */
  readonly resultCode?: number | undefined;
  /** What the server said besides. */
  readonly diagnostic?: string | undefined;
  readonly cause?: unknown;
}

/** "Cannot go on": a stable `code`, a sentence that names the subject, and usually a `hint`. */
export class KeystoneLdapError extends Error {
  override readonly name = 'KeystoneLdapError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];
  readonly resultCode: number | undefined;
  readonly diagnostic: string | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.problems = options.problems ?? [];
    this.resultCode = options.resultCode;
    this.diagnostic = options.diagnostic;
  }
}

/** What was thrown, which may be anything. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
