import type { Finding, FindingCode } from '../finding.ts';
import { takesAlong } from './reproduced-conf.ts';

/** Why a report does not show a finding: what follows "because". */
const REASONS = {
  machine: 'it is about the machine of Keystone, its other settings or its files',
  connection: 'it is about the connection and the account, which the report replaces',
  server: 'it is about the rights and the configuration of the server',
  values: 'the report has other values than the directory',
  passwords: 'the report has no passwords',
  line: 'it is about a line that cannot be read, which the report leaves out',
} as const;

const NOT_SHOWN: Readonly<Partial<Record<FindingCode, string>>> = {
  ...all(REASONS.machine, [
    ...(['CONF_READABLE', 'CONF_NOT_UTF8', 'KEYSTONE_CANNOT_READ', 'DOMAIN_DIR_MISSING'] as const),
    ...(['DOMAIN_DIR_RELATIVE', 'DOMAIN_FILE_NAME', 'DOMAIN_FILE_TWICE', 'DOMAIN_FILE_DRIVER'] as const),
    ...(['DOMAIN_FILES_UNUSED', 'SQL_DRIVERS', 'CACHE_OFF', 'CACHE_UNREACHABLE', 'DATABASE_SQLITE'] as const),
    ...(['DEBUG_ON', 'TOKEN_SIZE', 'SAML_COMMA', 'PASSWORD_AGE', 'PASSWORD_REGEX'] as const),
    ...(['PASSWORD_REGEX_UNEXPLAINED', 'KEYS_SHARED', 'KEYS_MISSING', 'KEYS_READABLE'] as const),
  ]),
  ...all(REASONS.connection, [
    ...([
      'ACCOUNT_MISSING',
      'TLS_SETTINGS',
      'TLS_UNCHECKED',
      'DOMAINS_SHARE_TLS',
      'DOMAINS_SHARE_POOL',
    ] as const),
    ...([
      'IN_CLEAR',
      'SERVER_UNREACHABLE',
      'TLS_FAILS',
      'CERTIFICATE_UNTRUSTED',
      'CERTIFICATE_NAME',
    ] as const),
    ...(['CERTIFICATE_EXPIRED', 'CERTIFICATE_EXPIRES', 'BIND_FAILS'] as const),
  ]),
  ...all(REASONS.server, [
    ...(['EMPTY_PASSWORD_BINDS', 'ANONYMOUS_READS', 'ACCOUNT_CAN_WRITE', 'SITE_RULES_BYPASSED'] as const),
    ...(['LIST_CUT', 'REFERRAL', 'PAGING_USELESS', 'INDEX_MISSING', 'REGISTRY_STALE'] as const),
  ]),
  ...all(REASONS.values, ['ID_BINARY']),
};

function all(reason: string, codes: readonly FindingCode[]): Partial<Record<FindingCode, string>> {
  return Object.fromEntries(codes.map((code) => [code, reason]));
}

export interface ShownFindings {
  readonly shown: readonly FindingCode[];
  /** With the reason for each. */
  readonly notShown: Readonly<Partial<Record<FindingCode, string>>>;
}

export interface ShownSource {
  /** Of the driver that the report is about. */
  readonly findings: readonly Finding[];
  readonly others: readonly Finding[];
  readonly hasPasswords: boolean;
  /** Absent where what the entries show can be shown. */
  readonly withoutEntries?: string | undefined;
}

/** What a run of the report shows again, and why not the rest. A code that it shows once counts as shown. */
export function shownFindings(source: ShownSource): ShownFindings {
  const notShown = new Map<FindingCode, string>();
  const shown = new Set<FindingCode>();
  for (const finding of source.findings) {
    const reason = reasonOf(finding, source);
    if (reason === undefined) shown.add(finding.code);
    else notShown.set(finding.code, reason);
  }
  for (const { code, domain } of source.others)
    notShown.set(
      code,
      NOT_SHOWN[code] ??
        `it is about ${domain === undefined ? 'the main file' : 'another domain'}, and the report about one driver (--domain names another one)`,
    );
  for (const code of shown) notShown.delete(code);
  return {
    shown: [...shown].toSorted(),
    notShown: Object.fromEntries([...notShown].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function reasonOf(finding: Finding, source: ShownSource): string | undefined {
  const { code } = finding;
  const reason = NOT_SHOWN[code];
  if (reason !== undefined) return reason;
  if (code.startsWith('PASSWORD_')) return source.hasPasswords ? undefined : REASONS.passwords;
  return code.startsWith('CONF_') ? reasonOfOption(finding) : source.withoutEntries;
}

function reasonOfOption({ code, subject, message }: Finding): string | undefined {
  const [, section, option = ''] = /\[([\w.]+)\] ([\w-]+)/.exec(`${subject} ${message}`) ?? [];
  if (section === undefined) return code === 'CONF_UNREADABLE_VALUE' ? REASONS.line : undefined;
  return /^(?:ldap|identity|DEFAULT)$/.test(section) && !isTaken(section, option)
    ? REASONS.machine
    : undefined;
}

/** A file of 2011 has further options of `[DEFAULT]`, which are taken along. */
function isTaken(section: string, option: string): boolean {
  return (
    takesAlong(section, option) || (section === 'DEFAULT' && /^(?:backends|hash[-_]password)$/.test(option))
  );
}
