import { nearestWord } from '../did-you-mean.ts';
import { isSince, releaseIndex, type ReleaseName } from './catalogue.ts';
import { LDAP_CONNECTION_OPTIONS } from './ldap-connection-options.ts';
import { LDAP_GROUP_OPTIONS } from './ldap-group-options.ts';
import { LDAP_PROJECT_OPTIONS } from './ldap-project-options.ts';
import { LDAP_ROLE_OPTIONS } from './ldap-role-options.ts';
import { LDAP_USER_OPTIONS } from './ldap-user-options.ts';
import {
  addedIn,
  effectiveDefault,
  isDeprecated,
  isRegistered,
  type OptionHistory,
  type OptionValue,
} from './option-history.ts';
import { KEYSTONE_OPTIONS } from './keystone-options.ts';
import { SERVICE_OPTIONS } from './service-options.ts';

/** Every option that `[ldap]` ever had. */
export const LDAP_OPTIONS: readonly OptionHistory[] = [
  ...LDAP_CONNECTION_OPTIONS,
  ...LDAP_USER_OPTIONS,
  ...LDAP_GROUP_OPTIONS,
  ...LDAP_PROJECT_OPTIONS,
  ...LDAP_ROLE_OPTIONS,
];

const ALL: ReadonlyMap<string, OptionHistory> = new Map(
  [...LDAP_OPTIONS, ...SERVICE_OPTIONS, ...KEYSTONE_OPTIONS].map((history) => [
    keyOf(history.section, history.name),
    history,
  ]),
);

const BY_LATER_NAME: ReadonlyMap<string, OptionHistory> = new Map(
  LDAP_OPTIONS.flatMap((history) => (history.renamed === undefined ? [] : [[history.renamed.to, history]])),
);

export interface LdapOption {
  readonly history: OptionHistory;
  readonly name: string;
  /** What the release works with where the option is not set. */
  readonly default: OptionValue;
}

/** What `[ldap]` of a general release registers. */
export function ldapOptionsOf(release: ReleaseName, version?: string): readonly LdapOption[] {
  return LDAP_OPTIONS.filter((history) => isRegistered(history, release, version)).map((history) => ({
    history,
    name: history.name,
    default: effectiveDefault(history, release),
  }));
}

export function findOptionHistory(section: string, name: string): OptionHistory | undefined {
  return ALL.get(keyOf(section, name));
}

export type OptionStatus =
  | { readonly status: 'known'; readonly deprecated: boolean }
  /** Still read under its old name. */
  | { readonly status: 'alias'; readonly to: string }
  /** Only from this point release of the series on. */
  | { readonly status: 'backported'; readonly from: string }
  | { readonly status: 'not yet'; readonly since: ReleaseName }
  /** `to` is its name in later releases, if that is read. */
  | { readonly status: 'removed'; readonly in: ReleaseName }
  | { readonly status: 'unknown'; readonly nearest: string | undefined };

/** What a release, or this version of it, makes of an option of this name in this section. */
export function optionStatus(
  release: ReleaseName,
  name: string,
  section = 'ldap',
  version?: string,
): OptionStatus {
  const history = findOptionHistory(section, name);
  if (history === undefined) return { status: 'unknown', nearest: nearestOption(release, name) };
  if (isRegistered(history, release, version))
    return { status: 'known', deprecated: isDeprecated(history, release) };
  const { removed, renamed } = history;
  if (removed !== undefined && isSince(release, removed)) return { status: 'removed', in: removed };
  if (renamed !== undefined && isSince(release, renamed.since)) return { status: 'alias', to: renamed.to };
  const from = history.backports[release];
  return from === undefined ? { status: 'not yet', since: addedIn(history) } : { status: 'backported', from };
}

/** The name of the same option in this release: Juno's `project_*` were `tenant_*` before. */
export function optionNameIn(release: ReleaseName, name: string): string {
  const history = findOptionHistory('ldap', name);
  if (history?.renamed !== undefined && isSince(release, history.renamed.since)) return history.renamed.to;
  const older = BY_LATER_NAME.get(name);
  const since = older?.renamed?.since;
  return older !== undefined && since !== undefined && releaseIndex(release) < releaseIndex(since)
    ? older.name
    : name;
}

/** One that goes on where the name ends (`user_tree`), else one that is spelled nearly so. */
function nearestOption(release: ReleaseName, name: string): string | undefined {
  const names = ldapOptionsOf(release).map((option) => option.name);
  const longer = names.filter((known) => known.startsWith(`${name.toLowerCase()}_`));
  return longer.length === 1 ? longer[0] : nearestWord(name, names);
}

function keyOf(section: string, name: string): string {
  return `${section}/${name}`;
}
