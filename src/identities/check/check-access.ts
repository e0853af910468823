import type { Layout, NameRules } from '../../releases/release.ts';
import type { Identities, Tenant } from '../identities.ts';
import type { NameFault } from './name-fault.ts';
import { positionOf, type Position } from '../read/source.ts';

interface Membership {
  readonly tenant: string;
  readonly at: Position | undefined;
}

/** What tenants and grants would not give a user, or give by chance. */
export function checkAccess(
  identities: Identities,
  { layout, nameRules }: { readonly layout: Layout; readonly nameRules: NameRules },
): NameFault[] {
  const memberships = membershipsByUser(identities);
  return [
    ...(layout.membershipIsDefault ? severalDefaultTenants(memberships, nameRules) : []),
    ...(layout.tenantAccess === 'member' ? grantsWithoutAccess(identities, memberships) : []),
  ];
}

/** Without an attribute for it, the default tenant is the first one found that has the user as a member. */
function severalDefaultTenants(
  memberships: ReadonlyMap<string, readonly Membership[]>,
  { oneDefaultTenant }: NameRules,
): NameFault[] {
  return [...memberships].flatMap(([user, ofUser]): NameFault[] => {
    const [, second] = ofUser;
    if (second === undefined) return [];
    const tenants = ofUser.map(({ tenant }) => `"${tenant}"`).join(', ');
    const message = `user "${user}" is a member of ${tenants}: its default tenant is whichever the server returns first`;
    const advice = oneDefaultTenant ? '; grant a role in the others instead' : '';
    const severity = oneDefaultTenant ? 'unsafe' : 'remark';
    return [{ code: 'TWO_DEFAULT_TENANTS', severity, at: second.at, message: `${message}${advice}` }];
  });
}

function grantsWithoutAccess(
  { grants }: Identities,
  memberships: ReadonlyMap<string, readonly Membership[]>,
): NameFault[] {
  return grants
    .filter(({ user = '', tenant }) => tenant !== undefined && !isMember(memberships.get(user), tenant))
    .map((grant) => ({
      code: 'GRANT_WITHOUT_ACCESS',
      severity: 'remark',
      at: positionOf(grant),
      message: `user "${grant.user ?? ''}" has role "${grant.role}" in tenant "${grant.tenant ?? ''}" but is no member of it: in this release only members can log in to a tenant`,
    }));
}

function isMember(memberships: readonly Membership[] | undefined, tenant: string): boolean {
  return memberships?.some((one) => one.tenant === tenant) ?? false;
}

function membershipsByUser({ tenants, users }: Identities): ReadonlyMap<string, readonly Membership[]> {
  const memberships = new Map<string, Membership[]>();
  const add = (user: string, membership: Membership): void => {
    const known = memberships.get(user) ?? [];
    if (!isMember(known, membership.tenant)) memberships.set(user, [...known, membership]);
  };
  for (const user of users)
    if (user.tenant !== undefined) add(user.name, { tenant: user.tenant, at: positionOf(user, 'tenant') });
  for (const tenant of tenants)
    for (const { name, at } of membersOf(tenant)) add(name, { tenant: tenant.name, at });
  return memberships;
}

function membersOf(tenant: Tenant): { readonly name: string; readonly at: Position | undefined }[] {
  return (tenant.members ?? []).map((name, index) => ({ name, at: positionOf(tenant, `members[${index}]`) }));
}
