import { isDn } from '../../directory/dn.ts';
import { KeystoneLdapError, type Problem } from '../../errors.ts';
import type { ReleaseName } from '../../releases/catalogue.ts';
import type { TreeKind } from '../../releases/default-trees.ts';
import { driverOption, servingSection, type DriverSection } from '../../releases/driver-options.ts';
import { findOptionHistory, optionNameIn, optionStatus } from '../../releases/ldap-options.ts';
import type { Secret } from '../../secret.ts';
import type { Assumed } from '../kept-setting.ts';
import { optionStatusText } from './option-status-text.ts';
import { readTyped } from './oslo-value.ts';

/** What keystone.conf, or the file of a domain, shall say about LDAP in the releases from Essex on. */
export interface ModernConfSettings {
  /** Tried in this order; none: the file keeps what it has. */
  readonly urls: readonly string[];
  /** Absent with `password`: the file keeps what it has. */
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
  /** Absent: the file keeps what it has. */
  readonly suffix?: string | undefined;
  /** A kind without a tree keeps that of the file, or gets the conventional one below the suffix. */
  readonly trees: Partial<Readonly<Record<TreeKind, string>>>;
  /** Further options of `[ldap]` by name (an older or newer one is translated), with the value as Keystone gets it. */
  readonly options: Readonly<Record<string, string>>;
  /** Which of these settings nobody gave; `trees` are given, and the account is `user`. */
  readonly assumed?: Assumed;
  readonly tls: {
    /** Absent: the file keeps what it has, unless a URL that is given rules it out. */
    readonly startTls?: boolean | undefined;
    readonly caCertFile?: string | undefined;
    readonly reqCert?: 'demand' | 'allow' | 'never' | undefined;
  };
  /** Besides users and groups: what else LDAP holds, in releases that let it. */
  readonly serves: readonly Exclude<DriverSection, 'identity'>[];
}

/** Something that the edited file leaves to the operator. */
export interface ModernConfNote {
  readonly code:
    | 'DRIVER_DEPRECATED'
    | 'OPTION_DEPRECATED'
    | 'OPTION_BACKPORTED'
    | 'TREE_UNUSED'
    | 'CA_UNUSED'
    | 'DOMAIN_FILES_UNUSED'
    | 'SQL_USERS_LEFT';
  readonly message: string;
}

/** The sections of this release that LDAP shall serve. */
export function ldapServed(settings: ModernConfSettings, release: ReleaseName): ReadonlySet<DriverSection> {
  return new Set(
    ['identity' as const, ...settings.serves].map((section) => servingSection(release, section)),
  );
}

/** Options that have a setting of their own. */
const OWN_SETTING = new Set([
  ...['url', 'user', 'password', 'suffix', 'use_tls', 'tls_cacertfile', 'tls_req_cert'],
  ...['user_tree_dn', 'group_tree_dn', 'project_tree_dn', 'tenant_tree_dn', 'role_tree_dn'],
]);

/** @throws `INPUT_INVALID` with every setting that this release cannot have */
export function requireSettings(settings: ModernConfSettings, release: ReleaseName): void {
  const problems: Problem[] = [
    ...accountFaults(settings),
    ...servesFaults(settings, release),
    ...dnFaults(settings),
    ...Object.entries(settings.options).flatMap(([name, value]) => optionFaults(release, name, value)),
  ].map((message) => ({ message }));
  if (problems.length > 0) throw settingsRefused(problems);
}

export function settingsRefused(problems: readonly Problem[]): KeystoneLdapError {
  return new KeystoneLdapError('INPUT_INVALID', 'keystone.conf of this release cannot hold these settings.', {
    problems,
  });
}

function accountFaults({ urls, user, password }: ModernConfSettings): readonly string[] {
  const faults: string[] = [];
  const bad = urls.find((url) => !/^ldap[si]?:\/\/[^\s,]*$/i.test(url));
  if (bad !== undefined)
    faults.push(`url cannot be "${bad}": write ldap://HOST, ldaps://HOST or ldapi://SOCKET.`);
  if (user === '' || password?.reveal() === '')
    faults.push('user and password must not be empty: leave both out for an anonymous bind.');
  return faults;
}

function servesFaults({ serves }: ModernConfSettings, release: ReleaseName): readonly string[] {
  const impossible = serves.filter(
    (section) => driverOption(release, servingSection(release, section))?.ldap === undefined,
  );
  return impossible.map(
    (section) => `[${section}] of ${release} has no LDAP driver: LDAP can only hold users and groups.`,
  );
}

function dnFaults({ suffix, trees }: ModernConfSettings): readonly string[] {
  const dns: readonly [string, string][] = [
    ...(suffix === undefined ? [] : [['suffix', suffix] as [string, string]]),
    ...Object.entries(trees),
  ];
  return dns.filter(([, dn]) => !isDn(dn)).map(([name, dn]) => `${name} cannot be "${dn}": it is no DN.`);
}

function optionFaults(release: ReleaseName, given: string, value: string): readonly string[] {
  const name = optionNameIn(release, given);
  if (OWN_SETTING.has(name)) return [`${given} has a setting of its own.`];
  const status = optionStatus(release, name);
  if (status.status !== 'known' && status.status !== 'backported')
    return [`[ldap] ${given} ${optionStatusText(status, release)}.`];
  const history = findOptionHistory('ldap', name);
  const reading = history === undefined ? undefined : readTyped(value, history.type, history.limits);
  return reading !== undefined && 'fault' in reading
    ? [`[ldap] ${given} cannot be "${value}": ${reading.fault}.`]
    : [];
}
