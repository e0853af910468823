import { isSince, releaseIndex, type ReleaseName } from './catalogue.ts';

/** The sections whose `driver` decides whether LDAP or SQL holds users, grants, projects and roles. */
export const DRIVER_SECTIONS = ['identity', 'assignment', 'resource', 'role'] as const;
export type DriverSection = (typeof DRIVER_SECTIONS)[number];

/** The `driver` of one section in one release. */
export interface DriverOption {
  readonly section: DriverSection;
  /** How LDAP is written; `undefined` where the release has no such driver. */
  readonly ldap: string | undefined;
  readonly sql: string;
  /** Whether a class path is (still) a name of a driver, and whether a short name is. */
  readonly accepts: { readonly classPaths: boolean; readonly shortNames: boolean };
  /** A path that names no class (any more), though another release loads the LDAP driver by it. */
  readonly lost: string | undefined;
  /** Marked for removal as a place for this section's data. */
  readonly ldapDeprecated: boolean;
  /** What a file without the option means. */
  readonly unset: DriverKind | { readonly follows: DriverSection };
}

/** `none`: Essex has no default and does not start. `other`: a driver of somebody else, or an old one such as kvs. */
export type DriverKind = 'ldap' | 'sql' | 'none' | 'other';

const CLASS_PATHS: Readonly<Record<DriverSection, Readonly<Record<'ldap' | 'sql', string>>>> = {
  identity: {
    ldap: 'keystone.identity.backends.ldap.Identity',
    sql: 'keystone.identity.backends.sql.Identity',
  },
  assignment: {
    ldap: 'keystone.assignment.backends.ldap.Assignment',
    sql: 'keystone.assignment.backends.sql.Assignment',
  },
  resource: {
    ldap: 'keystone.resource.backends.ldap.Resource',
    sql: 'keystone.resource.backends.sql.Resource',
  },
  role: {
    ldap: 'keystone.assignment.role_backends.ldap.Role',
    sql: 'keystone.assignment.role_backends.sql.Role',
  },
};

/** Up to Grizzly, the class was in a module of its own, of which people copied the path, too. */
const MODULE_PATHS: Partial<Record<DriverSection, { readonly ldap: string; readonly until: ReleaseName }>> = {
  identity: { ldap: 'keystone.identity.backends.ldap.core.Identity', until: '2013.2' },
};

/** The release that split the section off, and whose driver it follows where it is not set. */
const SPLIT: Readonly<Record<DriverSection, { since: ReleaseName; follows?: DriverSection }>> = {
  identity: { since: '2012.1' },
  assignment: { since: '2013.2', follows: 'identity' },
  resource: { since: '2015.1', follows: 'assignment' },
  role: { since: '2015.1', follows: 'assignment' },
};

const SHORT_NAMES_SINCE: ReleaseName = 'liberty';
const CLASS_PATHS_UNTIL: ReleaseName = 'pike';
const USERS_ONLY_SINCE: ReleaseName = 'mitaka';
const LDAP_DEPRECATED: Partial<Record<DriverSection, ReleaseName>> = {
  assignment: '2015.1',
  resource: 'liberty',
};

/** `undefined` where the release does not have the section yet: the one it was split from serves its data. */
export function driverOption(release: ReleaseName, section: DriverSection): DriverOption | undefined {
  const { since, follows } = SPLIT[section];
  if (!isSince(release, since)) return undefined;
  const shortNames = isSince(release, SHORT_NAMES_SINCE);
  const ldapGone = section !== 'identity' && isSince(release, USERS_ONLY_SINCE);
  const deprecated = LDAP_DEPRECATED[section];
  const paths = CLASS_PATHS[section];
  return {
    section,
    ldap: ldapGone ? undefined : shortNames ? 'ldap' : paths.ldap,
    sql: shortNames ? 'sql' : paths.sql,
    accepts: { classPaths: !isSince(release, CLASS_PATHS_UNTIL), shortNames },
    lost: lostPath(release, section),
    ldapDeprecated: !ldapGone && deprecated !== undefined && isSince(release, deprecated),
    unset: follows !== undefined && !ldapGone ? { follows } : release === '2012.1' ? 'none' : 'sql',
  };
}

function lostPath(release: ReleaseName, section: DriverSection): string | undefined {
  const inModule = MODULE_PATHS[section];
  return inModule !== undefined && isSince(release, inModule.until) ? inModule.ldap : undefined;
}

/** The kind that a written driver is, in the form of any release. */
export function driverKind(section: DriverSection, written: string): DriverKind {
  const paths = CLASS_PATHS[section];
  if (['ldap', paths.ldap, MODULE_PATHS[section]?.ldap].includes(written)) return 'ldap';
  return written === 'sql' || written === paths.sql ? 'sql' : 'other';
}

/** Whether the release can load a driver that is written so. */
export function isLoadable(option: DriverOption, written: string): boolean {
  const { classPaths, shortNames } = option.accepts;
  if (written === option.lost) return false;
  return written.includes('.') ? classPaths : shortNames;
}

/** Whether the driver is written in the form that the release recommends: Liberty deprecated class paths. */
export function isCurrentForm({ accepts, lost }: DriverOption, written: string): boolean {
  return written !== lost && written.includes('.') !== accepts.shortNames;
}

/** The sections of whose data LDAP can be the store: projects, roles and grants went with Mitaka. */
export function ldapSections(release: ReleaseName): readonly DriverSection[] {
  return DRIVER_SECTIONS.filter((section) => driverOption(release, section)?.ldap !== undefined);
}

/** The section that serves this one's data in a release that has not split them. */
export function servingSection(release: ReleaseName, section: DriverSection): DriverSection {
  const { since, follows } = SPLIT[section];
  const split = releaseIndex(release) >= releaseIndex(since);
  return split || follows === undefined ? section : servingSection(release, follows);
}
