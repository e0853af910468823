import type { Grant, Identities } from '../identities.ts';

/** One entry for a role in a tenant, with those who hold it in the order of their grants. */
export interface TenantGrant {
  readonly role: string;
  readonly tenant: string;
  readonly holders: readonly GrantHolder[];
}

export interface GrantHolder {
  readonly kind: 'user' | 'group';
  readonly name: string;
}

/** Who holds the role: a user, or a group. */
export function holderOf({ user, group }: Grant): GrantHolder {
  return group === undefined ? { kind: 'user', name: user ?? '' } : { kind: 'group', name: group };
}

/** Grants in tenants, those of one role in one tenant together. */
export function grantsByEntry(grants: readonly Grant[]): readonly TenantGrant[] {
  const byEntry = new Map<string, { role: string; tenant: string; holders: GrantHolder[] }>();
  for (const grant of grants) {
    const { role, tenant } = grant;
    if (tenant === undefined) continue;
    const key = JSON.stringify([tenant, role]);
    const entry = byEntry.get(key) ?? { role, tenant, holders: [] };
    entry.holders.push(holderOf(grant));
    byEntry.set(key, entry);
  }
  return [...byEntry.values()];
}

/** Default tenants in the order of the users, then the members that the tenant itself lists. */
export function membersByTenant({ tenants, users }: Identities): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, Set<string>>(tenants.map(({ name }) => [name, new Set()]));
  for (const { name, tenant } of users) if (tenant !== undefined) members.get(tenant)?.add(name);
  for (const tenant of tenants) for (const name of tenant.members ?? []) members.get(tenant.name)?.add(name);
  return new Map([...members].map(([tenant, names]) => [tenant, [...names]]));
}

export function groupBy<T>(
  items: readonly T[],
  key: (item: T) => string,
  value: (item: T) => string,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const item of items) {
    const group = groups.get(key(item)) ?? [];
    group.push(value(item));
    groups.set(key(item), group);
  }
  return groups;
}
