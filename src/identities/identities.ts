import type { Secret } from '../secret.ts';
import type { Sourced } from './read/source.ts';
import type { SqlPart } from './sql/sql-part.ts';

/**
 * What becomes of members that the directory has and the identities do not name. They stay (`additive`) or go (`exact`);
 * with `ignore` the members are those of a new entry only, and others see to them from then on.
 */
export type MemberMode = 'exact' | 'additive' | 'ignore';
/** The domain that every Keystone with domains has from the start, and to which belongs what names no other. */
export const DEFAULT_DOMAIN = 'Default';

/** From Grizzly (2013.1) on. */
export interface Domain extends Sourced {
  readonly name: string;
  readonly id?: string;
  readonly description?: string;
  readonly enabled: boolean;
}

/** What Keystone of 2011 calls a tenant and later releases a project. */
export interface Tenant extends Sourced {
  readonly name: string;
  /** For releases whose ids are not names; without it one is drawn. */
  readonly id?: string;
  readonly description?: string;
  readonly enabled: boolean;
  /** Names of users with access besides those whose default tenant this is. */
  readonly members?: readonly string[];
  /** `additive` unless told. */
  readonly memberMode?: MemberMode;
  /** The name of its domain. */
  readonly domain?: string;
}

export interface User extends Sourced {
  readonly name: string;
  readonly id?: string;
  /** In clear text; a release that stores hashes hashes it. Without one the user cannot log in. */
  readonly password?: Secret;
  /** As a directory stored it, `{SSHA}…` or `$6$…`; written to a new entry where the release can check such a value. */
  readonly passwordHash?: Secret;
  /** Whether the password is written over the one of a user that exists; as the whole run does unless told. */
  readonly resetPassword?: boolean;
  readonly email?: string;
  readonly enabled: boolean;
  /** The name of the default tenant. */
  readonly tenant?: string | undefined;
  /** Stored where the release has an attribute for it. */
  readonly description?: string;
  readonly domain?: string;
  /** Organizational units below the tree, as RDNs: `ou=Berlin,ou=Research`. */
  readonly below?: string | undefined;
}

export interface Role extends Sourced {
  readonly name: string;
  readonly id?: string;
  readonly description?: string;
  /** Written to `serviceId` as it stands: the id by which the release knows the service. */
  readonly service?: string;
  /** For those who hold the role, everywhere. */
  readonly memberMode?: MemberMode;
}

/** A group of users, from Grizzly (2013.1) on. */
export interface Group extends Sourced {
  readonly name: string;
  readonly id?: string;
  readonly description?: string;
  /** Names of users. */
  readonly members?: readonly string[];
  readonly memberMode?: MemberMode;
  readonly domain?: string;
  /** As for users. */
  readonly below?: string | undefined;
}

/** A role of a user or of a group, by names; without a tenant it is global. */
export interface Grant extends Sourced {
  readonly role: string;
  readonly user?: string;
  readonly group?: string;
  readonly tenant?: string;
}

export interface Identities {
  readonly domains: readonly Domain[];
  readonly tenants: readonly Tenant[];
  readonly users: readonly User[];
  readonly roles: readonly Role[];
  readonly groups: readonly Group[];
  readonly grants: readonly Grant[];
  /** What Keystone keeps in SQL even when LDAP holds the identities. */
  readonly sql?: SqlPart;
  /** What these identities could not express, for the person who seeds them. */
  readonly remarks: readonly string[];
}

export const NO_IDENTITIES: Identities = {
  domains: [],
  tenants: [],
  users: [],
  roles: [],
  groups: [],
  grants: [],
  remarks: [],
};

export type IdentityKind = 'tenant' | 'user' | 'role' | 'group' | 'domain';
