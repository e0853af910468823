import type { Grant, Identities, Role, User } from '../identities.ts';
import type { Bootstrap, SqlPart } from './sql-part.ts';

/** The roles and grants that a client is to add. */
export interface GrantsInSql {
  readonly roles: readonly Role[];
  readonly grants: readonly Grant[];
}

export interface MembershipOptions {
  readonly users: readonly User[];
  /** The role that gives access to a tenant; without one, no membership is told to the client. */
  readonly memberRole: string | undefined;
}

/**
 * What is left for SQL, with the roles that make members of tenants in SQL: there, belonging to a tenant is having a role
 * in it. A role of the user's own in the tenant is enough. What bootstrap grants needs no command.
 */
export function grantsInSql(
  { tenants, roles, grants }: Identities,
  { bootstrap }: SqlPart,
  { users, memberRole }: MembershipOptions,
): GrantsInSql {
  const granted = ({ role, user, tenant }: Grant): boolean =>
    bootstrap.some((one) => one.role === role && one.user === user && one.tenant === tenant);
  const members =
    memberRole === undefined
      ? []
      : tenants
          .flatMap(({ name, members = [] }) => [
            ...users.filter(({ tenant }) => tenant === name).map((user): Membership => [user.name, name]),
            ...members.map((user): Membership => [user, name]),
          ])
          .filter((one, index, all) => all.findIndex((other) => isSame(one, other)) === index)
          .filter(([user, tenant]) => !hasRole(user, tenant, [...grants, ...bootstrap]))
          .map(([user, tenant]): Grant => ({ role: memberRole, user, tenant }));
  const isKnown = roles.some(({ name }) => name === memberRole);
  const missing = memberRole === undefined || members.length === 0 || isKnown ? [] : [{ name: memberRole }];
  return { roles: [...roles, ...missing], grants: [...grants.filter((one) => !granted(one)), ...members] };
}

/** The names of a user and a tenant. */
type Membership = readonly [string, string];

function isSame([user, tenant]: Membership, [otherUser, otherTenant]: Membership): boolean {
  return user === otherUser && tenant === otherTenant;
}

function hasRole(user: string, tenant: string, grants: readonly (Grant | Bootstrap)[]): boolean {
  return grants.some((one) => one.user === user && one.tenant === tenant);
}
